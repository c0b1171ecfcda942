#include "weave/span_tree.h"

namespace spanlog::weave {
namespace {

// Walks up from every span once; a walk that meets itself has found a cycle.
void CutCycles(std::vector<uint32_t>& parents, std::vector<bool>& cut) {
  enum : uint8_t { kNew, kOnPath, kDone };
  std::vector<uint8_t> state(parents.size(), kNew);
  std::vector<uint32_t> path;
  for (uint32_t start = 0; start < parents.size(); ++start) {
    uint32_t at = start;
    while (at != kNoIndex && state[at] == kNew) {
      state[at] = kOnPath;
      path.push_back(at);
      const uint32_t next = parents[at];
      if (next != kNoIndex && state[next] == kOnPath) {
        parents[at] = kNoIndex;
        cut[at] = true;
      }
      at = parents[at];
    }
    for (const uint32_t span : path) state[span] = kDone;
    path.clear();
  }
}

}  // namespace

SpanTree::SpanTree(const Trace& trace)
    : parents_(trace.spans.size(), kNoIndex),
      cycle_cut_(trace.spans.size(), false),
      children_(trace.spans.size()) {
  const auto count = static_cast<uint32_t>(trace.spans.size());
  by_id_.reserve(count);
  for (uint32_t i = 0; i < count; ++i) by_id_.emplace(trace.spans[i].span_id, i);
  for (uint32_t i = 0; i < count; ++i) {
    if (trace.spans[i].parent_span_id != 0) parents_[i] = Find(trace.spans[i].parent_span_id);
  }
  CutCycles(parents_, cycle_cut_);

  top_down_.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    if (parents_[i] != kNoIndex) {
      children_[parents_[i]].push_back(i);
      continue;
    }
    top_down_.push_back(i);
    const bool earlier = root_ == kNoIndex || trace.spans[i].start_ns < trace.spans[root_].start_ns;
    const bool same_sort = root_ != kNoIndex && (trace.spans[i].parent_span_id == 0) ==
                                                    (trace.spans[root_].parent_span_id == 0);
    // A true root goes before an orphan, whatever their times.
    if (root_ == kNoIndex || (same_sort ? earlier : trace.spans[i].parent_span_id == 0)) root_ = i;
  }
  for (size_t at = 0; at < top_down_.size(); ++at) {
    for (const uint32_t child : children_[top_down_[at]]) top_down_.push_back(child);
  }
}

uint32_t SpanTree::Find(uint64_t span_id) const {
  const auto found = by_id_.find(span_id);
  return found == by_id_.end() ? kNoIndex : found->second;
}

bool SpanTree::IsSameOrAbove(uint32_t ancestor, uint32_t span) const {
  // Of a tree that is deeper than what anybody reads.
  constexpr int kManySteps = 32;
  uint32_t at = span;
  for (int steps = 0; at != kNoIndex && at != ancestor; ++steps) {
    if (steps == kManySteps) {
      if (!nesting_) nesting_.emplace(parents_);
      return ancestor != kNoIndex && nesting_->IsAbove(ancestor, span);
    }
    at = parents_[at];
  }
  return at == ancestor && ancestor != kNoIndex;
}

}  // namespace spanlog::weave
