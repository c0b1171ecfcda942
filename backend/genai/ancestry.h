// Who is below whom among the spans of a trace.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "model/message.h"
#include "model/nesting.h"
#include "model/trace.h"

namespace spanlog::genai {

// Parent links may close a cycle; every walk is bounded. Not thread-safe: what few traces need is
// made when it is first asked for.
class Ancestry {
 public:
  explicit Ancestry(const Trace& trace);

  // Index of the span with this id, kNoIndex when it is not in the trace.
  uint32_t Find(uint64_t span_id) const;
  // kNoIndex for roots and orphans.
  uint32_t parent(uint32_t span) const { return parents_[span]; }
  bool is_leaf(uint32_t span) const { return is_leaf_[span]; }
  absl::Span<const uint32_t> children(uint32_t span) const;
  // True when `ancestor` is above `span`; a span is not above itself.
  bool IsAbove(uint32_t ancestor, uint32_t span) const;
  const Nesting& nesting() const;

 private:
  absl::flat_hash_map<uint64_t, uint32_t> by_id_;
  std::vector<uint32_t> parents_;
  std::vector<bool> is_leaf_;
  mutable std::optional<Nesting> nesting_;
  mutable std::vector<uint32_t> children_begin_, children_;  // by parent
};

}  // namespace spanlog::genai
