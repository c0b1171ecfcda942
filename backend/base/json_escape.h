// The escapes of JSON that need arithmetic: \uXXXX, a unit of UTF-16, and two of them for one
// character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
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

// The character that is escaped at `at`, with both its units where it has two; half of one alone is
// the unit it is. -1 and no bytes when there is no such escape.
struct JsonEscapedCharacter {
  int code = -1;
  size_t size = 0;  // of the escape
};
inline JsonEscapedCharacter JsonEscapedAt(std::string_view text, size_t at) {
  const int unit = JsonEscapedUnit(text, at);
  if (unit < 0) return {};
  const int low = IsHighSurrogate(unit) ? JsonEscapedUnit(text, at + 6) : -1;
  if (!IsLowSurrogate(low)) return {unit, 6};
  return {0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 12};
}

// Writes the one to four bytes of a character and returns what is behind them. REQUIRES: a code
// point, and no half of one.
inline char* PutUtf8(int code, char* to) {
  const auto put = [&](int byte) { *to++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
    return to;
  }
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
  return to;
}
inline void AppendUtf8(int code, std::string& out) {
  char bytes[4];
  out.append(bytes, PutUtf8(code, bytes));
}

}  // namespace spanlog
