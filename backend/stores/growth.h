// How much more memory than its bytes an answer may take once it is read.
#pragma once

#include <cstddef>
#include <cstdint>

namespace spanlog::stores {

// Two bytes can be a span, and a span takes 200 in memory: an answer of a few compressed kilobytes
// could fill any machine. What stores send grows up to fivefold. True when `made` bytes were made
// of `body` bytes, and that is far from it.
inline bool Outgrows(uint64_t made, uint64_t body) {
  constexpr uint64_t kMostGrowth = 8;
  constexpr uint64_t kAlwaysAllowed = 64 << 20;
  return made > kMostGrowth * body + kAlwaysAllowed;
}

// Of attributes, events or links in one span or record.
inline constexpr size_t kLongestList = 1 << 20;

}  // namespace spanlog::stores
