// How much more memory than its bytes an answer may take once it is read.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "base/errors.h"
#include "model/trace.h"

namespace spanlog::stores {

// Two bytes can be a span, and a span takes 200 in memory: an answer of a few compressed kilobytes
// could fill any machine. What stores send grows up to fivefold. True when `made` bytes were made
// of `body` bytes, and that is far from it.
inline bool Outgrows(uint64_t made, uint64_t body) {
  constexpr uint64_t kMostGrowth = 8;
  constexpr uint64_t kAlwaysAllowed = 64 << 20;
  return made > kMostGrowth * body + kAlwaysAllowed;
}

// What the lists of a trace take; those of its spans are in its arena.
inline uint64_t ListBytes(const Trace& trace) {
  return trace.spans.size() * sizeof(Span) + trace.resources.size() * sizeof(Resource) +
         trace.scopes.size() * sizeof(Scope);
}

// The error for a trace that outgrows its body.
inline absl::Status TraceOutgrows() {
  return DownstreamError(
      absl::StatusCode::kResourceExhausted,
      "The trace could not be read: it is made of so many empty spans, attributes, events or "
      "links that they would fill the memory. Check what answers at the trace store's URL.");
}

// Of attributes, events or links in one span or record.
inline constexpr size_t kLongestList = 1 << 20;

}  // namespace spanlog::stores
