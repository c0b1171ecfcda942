#include "genai/ancestry.h"

namespace spanlog::genai {
namespace {
// Of steps up a tree, beyond which it is one that somebody made deep on purpose.
constexpr int kFewSteps = 32;
}  // namespace

Ancestry::Ancestry(const Trace& trace) {
  by_id_.reserve(trace.spans.size());
  for (uint32_t i = 0; i < trace.spans.size(); ++i) by_id_.emplace(trace.spans[i].span_id, i);
  parents_.reserve(trace.spans.size());
  is_leaf_.resize(trace.spans.size(), true);
  for (const Span& span : trace.spans) {
    parents_.push_back(span.parent_span_id == 0 ? kNoIndex : Find(span.parent_span_id));
    if (parents_.back() != kNoIndex) is_leaf_[parents_.back()] = false;
  }
}

uint32_t Ancestry::Find(uint64_t span_id) const {
  const auto found = by_id_.find(span_id);
  return found == by_id_.end() ? kNoIndex : found->second;
}

bool Ancestry::IsAbove(uint32_t ancestor, uint32_t span) const {
  uint32_t at = parents_[span];
  for (int steps = 0; at != kNoIndex && steps < kFewSteps; ++steps) {
    if (at == ancestor) return at != span;
    at = parents_[at];
  }
  return at != kNoIndex && nesting().IsAbove(ancestor, span);
}

const Nesting& Ancestry::nesting() const {
  if (!nesting_) nesting_.emplace(parents_);
  return *nesting_;
}

absl::Span<const uint32_t> Ancestry::children(uint32_t span) const {
  if (children_begin_.empty()) {
    children_begin_.resize(parents_.size() + 2, 0);
    for (const uint32_t parent : parents_) {
      if (parent != kNoIndex) ++children_begin_[parent + 2];
    }
    for (size_t i = 2; i < children_begin_.size(); ++i)
      children_begin_[i] += children_begin_[i - 1];
    children_.resize(children_begin_.back());
    // A span's begin stands one farther until its children are in; each that is moves it on.
    for (uint32_t i = 0; i < parents_.size(); ++i) {
      if (parents_[i] != kNoIndex) children_[children_begin_[parents_[i] + 1]++] = i;
    }
  }
  return absl::MakeConstSpan(children_).subspan(children_begin_[span],
                                                children_begin_[span + 1] - children_begin_[span]);
}

}  // namespace spanlog::genai
