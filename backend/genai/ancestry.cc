#include "genai/ancestry.h"

namespace spanlog::genai {

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
  size_t steps = 0;
  for (uint32_t at = parents_[span]; at != kNoIndex && steps < parents_.size(); ++steps) {
    if (at == ancestor) return at != span;
    at = parents_[at];
  }
  return false;
}

}  // namespace spanlog::genai
