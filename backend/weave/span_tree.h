// The spans of a trace as a tree: who is below whom, without cycles.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/message.h"
#include "model/nesting.h"
#include "model/trace.h"

namespace spanlog::weave {

// Not thread-safe: what few traces need is made when it is first asked for.
class SpanTree {
 public:
  explicit SpanTree(const Trace& trace);

  // Index of the span with this id, kNoIndex when it is not in the trace.
  uint32_t Find(uint64_t span_id) const;
  // Index of the parent; kNoIndex for roots, orphans and a span whose parent link closed a cycle.
  uint32_t parent(uint32_t span) const { return parents_[span]; }
  // A parent link that would close a cycle hides all its spans in the view; it is cut.
  bool cycle_cut(uint32_t span) const { return cycle_cut_[span]; }
  const std::vector<uint32_t>& children(uint32_t span) const { return children_[span]; }
  // Every span after its parent.
  const std::vector<uint32_t>& top_down() const { return top_down_; }
  // The span that the view shows as the trace's title: no parent in the trace, earliest.
  // kNoIndex when the trace has no span.
  uint32_t root() const { return root_; }
  // True when `ancestor` is `span` or above it.
  bool IsSameOrAbove(uint32_t ancestor, uint32_t span) const;

 private:
  absl::flat_hash_map<uint64_t, uint32_t> by_id_;
  std::vector<uint32_t> parents_;
  std::vector<bool> cycle_cut_;
  std::vector<std::vector<uint32_t>> children_;
  std::vector<uint32_t> top_down_;
  uint32_t root_ = kNoIndex;
  mutable std::optional<Nesting> nesting_;
};

}  // namespace spanlog::weave
