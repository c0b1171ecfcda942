// Sums of times and durations that a store may send as large as it likes.
#pragma once

#include <cstdint>
#include <limits>

namespace spanlog {

// At most the largest number there is. REQUIRES: `b` is not negative.
inline int64_t SumUpToMost(int64_t a, int64_t b) {
  int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<int64_t>::max() : sum;
}

}  // namespace spanlog
