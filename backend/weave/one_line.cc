#include "weave/one_line.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace spanlog::weave {
namespace {

constexpr size_t kBlock = 16;

bool IsBlank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F;
}

// Length of a terminal escape sequence (ECMA-48: ESC [ … final byte) at `text[at]`, 0 when none.
size_t EscapeLength(std::string_view text, size_t at) {
  if (text[at] != '\x1b' || at + 1 >= text.size() || text[at + 1] != '[') return 0;
  size_t end = at + 2;
  while (end < text.size() && text[end] >= 0x20 && text[end] <= 0x3F) ++end;
  return end < text.size() ? end - at + 1 : end - at;
}

// Copies kBlock bytes. Returns how many of the first are ASCII words with one space between two of
// them.
#ifdef __SSE2__
size_t CopyWords(const char* from, char* to) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  // As signed bytes: what is not ASCII is negative.
  const auto letters = static_cast<uint32_t>(_mm_movemask_epi8(_mm_andnot_si128(
      _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)), _mm_cmpgt_epi8(bytes, _mm_set1_epi8(0x20)))));
  const auto spaces =
      static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' '))));
  return static_cast<size_t>(std::countr_one(letters | (spaces & letters >> 1)));
}
#else
size_t CopyWords(const char* from, char* to) {
  std::memcpy(to, from, kBlock);
  size_t size = 0;
  const auto is_letter = [&](size_t at) { return from[at] > 0x20 && from[at] < 0x7F; };
  while (size < kBlock &&
         (is_letter(size) || (from[size] == ' ' && size + 1 < kBlock && is_letter(size + 1)))) {
    ++size;
  }
  return size;
}
#endif

}  // namespace

std::string_view OneLine(std::string_view text, size_t max_chars, Arena& arena) {
  // 4 bytes a character at the most, and the mark.
  const size_t room = std::min(text.size(), max_chars * 4) + 8;
  char* const out = arena.Allocate(room);
  size_t size = 0;
  size_t chars = 0;
  bool blank = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsBlank(text[i])) {
      const size_t escape = EscapeLength(text, i);
      if (escape > 0) i += escape - 1;
      blank = size > 0;
      continue;
    }
    const bool starts_char = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (starts_char) {
      if (chars + (blank ? 1 : 0) >= max_chars) {
        std::memcpy(out + size, "…", 3);
        size += 3;
        break;
      }
      if (blank) {
        out[size++] = ' ';
        ++chars;
        blank = false;
      }
      ++chars;
    }
    out[size++] = text[i];
    if (static_cast<signed char>(text[i]) < 0) continue;  // char has no sign on arm64
    // Plain words: they end before whatever may be the last character.
    while (i + 1 + kBlock <= text.size() && chars + kBlock <= max_chars) {
      const size_t words = CopyWords(text.data() + i + 1, out + size);
      i += words;
      size += words;
      chars += words;
      if (words == 0) break;
    }
  }
  arena.Shrink(out, room, size);
  return {out, size};
}

}  // namespace spanlog::weave
