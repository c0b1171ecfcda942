// Times as stores send them, in nanoseconds. What a store sends may be any number.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace spanlog::stores {

// 0 when there is none, or none that fits.
inline int64_t MicrosToNs(std::optional<int64_t> us) {
  return us.has_value() && *us > 0 && *us < 9'000'000'000'000'000 ? *us * 1000 : 0;
}
inline int64_t MsToNs(int64_t ms) { return ms > 0 && ms < 9'000'000'000'000 ? ms * 1'000'000 : 0; }

// When what begins at `start_ns` ends: at the latest of all times when it is later than that. A
// duration below 0 is none.
inline int64_t EndOf(int64_t start_ns, int64_t duration_ns) {
  int64_t end_ns = 0;
  if (duration_ns <= 0) return start_ns;
  if (!__builtin_add_overflow(start_ns, duration_ns, &end_ns)) return end_ns;
  return std::numeric_limits<int64_t>::max();
}

}  // namespace spanlog::stores
