#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace spanlog {
namespace {

// Length of the well-formed character at `text[at]`, 0 when there is none (Unicode 15, table 3-7).
size_t CharLength(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[at + i]); };
  const size_t left = text.size() - at;
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const auto tail = [&](size_t i, uint8_t low, uint8_t high) {
    return i < left && byte(i) >= low && byte(i) <= high;
  };
  if (first >= 0xC2 && first <= 0xDF) return tail(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const uint8_t low = first == 0xE0 ? 0xA0 : 0x80;
    const uint8_t high = first == 0xED ? 0x9F : 0xBF;
    return tail(1, low, high) && tail(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const uint8_t low = first == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = first == 0xF4 ? 0x8F : 0xBF;
    return tail(1, low, high) && tail(2, 0x80, 0xBF) && tail(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

// First byte that is not part of a well-formed character; text.size() when all is valid.
size_t ValidPrefix(std::string_view text, size_t at = 0) {
  while (at < text.size()) {
    uint64_t eight;
    while (at + 8 <= text.size()) {
      std::memcpy(&eight, text.data() + at, 8);
      if (eight & 0x8080808080808080ull) break;
      at += 8;
    }
    if (at >= text.size()) break;
    const size_t length = CharLength(text, at);
    if (length == 0) return at;
    at += length;
  }
  return text.size();
}

}  // namespace

bool IsValidUtf8(std::string_view text) { return ValidPrefix(text) == text.size(); }

std::string ToValidUtf8(std::string_view text) {
  std::string out;
  size_t from = 0;
  while (true) {
    const size_t bad = ValidPrefix(text, from);
    out.append(text.substr(from, bad - from));
    if (bad == text.size()) return out;
    out.append("\xEF\xBF\xBD");
    from = bad + 1;
  }
}

std::string_view ToValidUtf8(std::string_view text, Arena& arena) {
  if (IsValidUtf8(text)) return text;
  return arena.Copy(ToValidUtf8(text));
}

std::string_view CutUtf8(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  size_t end = max_bytes;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string_view CutChars(std::string_view text, size_t max_chars) {
  size_t chars = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<uint8_t>(text[i]) & 0xC0) == 0x80) continue;
    if (chars++ == max_chars) return text.substr(0, i);
  }
  return text;
}

}  // namespace spanlog
