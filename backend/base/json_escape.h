// The one escape of JSON that needs arithmetic: \uXXXX, a unit of UTF-16.
#pragma once

#include <cstddef>
#include <string_view>

namespace spanlog {

// The unit that `\uXXXX` at `at` stands for; -1 when there is no such escape.
inline int JsonEscapedUnit(std::string_view text, size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int unit = 0;
  for (size_t i = at + 2; i < at + 6; ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

// Characters beyond U+FFFF are a high and a low unit; either alone is broken text.
inline bool IsHighSurrogate(int unit) { return unit >= 0xD800 && unit < 0xDC00; }
inline bool IsLowSurrogate(int unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace spanlog
