// Times as stores send them, in nanoseconds. What a store sends may be any number.
#pragma once

#include <cstdint>
#include <optional>

#include "base/sum.h"

namespace spanlog::stores {

// 0 when there is none, or none that fits.
inline int64_t MicrosToNs(std::optional<int64_t> us) {
  return us.has_value() && *us > 0 && *us < 9'000'000'000'000'000 ? *us * 1000 : 0;
}
inline int64_t MsToNs(int64_t ms) { return ms > 0 && ms < 9'000'000'000'000 ? ms * 1'000'000 : 0; }

// When what begins at `start_ns` ends: at the latest of all times when it is later than that. A
// duration below 0 is none.
inline int64_t EndOf(int64_t start_ns, int64_t duration_ns) {
  return duration_ns <= 0 ? start_ns : SumUpToMost(start_ns, duration_ns);
}

}  // namespace spanlog::stores
