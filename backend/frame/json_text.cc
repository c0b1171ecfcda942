#include "frame/json_text.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace spanlog::frame {
namespace {

// No escape is longer than this: a control character as \u001f.
constexpr size_t kLongestEscape = 6;
constexpr size_t kBlock = 16;
// Texts up to here get room for the worst case at once.
constexpr size_t kShortText = 512;

// What stands for a byte: for most the byte itself.
struct EscapeOf {
  char text[7];
  uint8_t size;
};
static_assert(sizeof(EscapeOf) == 8);

using EscapeTable = std::array<EscapeOf, 256>;

constexpr void Set(EscapeTable& table, uint8_t c, std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) table[c].text[i] = text[i];
  table[c].size = static_cast<uint8_t>(text.size());
}

constexpr EscapeTable MakeTable(Escape escape) {
  constexpr char kHex[] = "0123456789abcdef";
  EscapeTable table{};
  for (unsigned c = 0; c < 256; ++c) {
    const char itself[] = {static_cast<char>(c)};
    const char unicode[] = {'\\', 'u', '0', '0', kHex[c >> 4 & 15], kHex[c & 15]};
    Set(table, static_cast<uint8_t>(c), c < 0x20 ? std::string_view(unicode, 6) : std::string_view(itself, 1));
  }
  Set(table, '\n', "\\n");
  Set(table, '\r', "\\r");
  Set(table, '\t', "\\t");
  Set(table, '"', "\\\"");
  Set(table, '\\', "\\\\");
  if (escape == Escape::kHtml) {
    Set(table, '&', "&amp;");
    Set(table, '<', "&lt;");
    Set(table, '>', "&gt;");
  }
  return table;
}

template <Escape kEscape>
constexpr EscapeTable kTable = MakeTable(kEscape);

// The first byte of the two line separators, and of much harmless punctuation.
constexpr char kSeparatorLead = '\xE2';

// Room that Escaped needs at `to`: each step may write a few bytes more than it keeps.
constexpr size_t RoomFor(size_t size) { return size * kLongestEscape + kBlock; }

// Without a branch for each byte: in prose an escape comes every thirty bytes, and no processor foresees it.
template <Escape kEscape>
inline char* PutBytes(char* to, const char* at, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    const EscapeOf& escape = kTable<kEscape>[static_cast<uint8_t>(at[i])];
    std::memcpy(to, &escape, sizeof(escape));
    to += escape.size;
  }
  return to;
}

// The same where a line separator may begin. Returns where it stopped: a separator may end behind `stop`.
template <Escape kEscape>
const char* PutWithSeparators(char*& to, const char* at, const char* stop, const char* end) {
  while (at < stop) {
    if (*at == kSeparatorLead && end - at >= 3 && at[1] == '\x80' && (at[2] == '\xA8' || at[2] == '\xA9')) {
      std::memcpy(to, at[2] == '\xA8' ? "\\u2028" : "\\u2029", 6);
      to += 6;
      at += 3;
    } else {
      to = PutBytes<kEscape>(to, at++, 1);
    }
  }
  return at;
}

#ifdef __SSE2__
inline __m128i Where(__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); }

// Not zero when a byte may need an escape.
template <Escape kEscape>
inline int Special(__m128i bytes) {
  __m128i found = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  found = _mm_or_si128(_mm_or_si128(found, Where(bytes, '"')),
                       _mm_or_si128(Where(bytes, '\\'), Where(bytes, kSeparatorLead)));
  if constexpr (kEscape == Escape::kHtml) {
    found = _mm_or_si128(_mm_or_si128(found, Where(bytes, '&')),
                         _mm_or_si128(Where(bytes, '<'), Where(bytes, '>')));
  }
  return _mm_movemask_epi8(found);
}

// Copies `size` bytes, sizeof(Word) to twice that, when none of them may need an escape.
template <Escape kEscape, typename Word>
inline bool CopyPlainEnds(const char* from, size_t size, char* to) {
  Word first, last;
  std::memcpy(&first, from, sizeof(Word));
  std::memcpy(&last, from + size - sizeof(Word), sizeof(Word));
  const __m128i bytes = sizeof(Word) == 8
                            ? _mm_set_epi64x(static_cast<int64_t>(last), static_cast<int64_t>(first))
                            : _mm_set1_epi64x(static_cast<int64_t>(uint64_t{first} | (uint64_t{last} << 31 << 1)));
  if (Special<kEscape>(bytes) != 0) return false;
  std::memcpy(to, &first, sizeof(Word));
  std::memcpy(to + size - sizeof(Word), &last, sizeof(Word));
  return true;
}

template <Escape kEscape>
char* Escaped(char* to, const char* at, const char* const end) {
  while (end - at >= static_cast<ptrdiff_t>(kBlock)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    if (Special<kEscape>(bytes) == 0) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
      at += kBlock;
      to += kBlock;
    } else if (_mm_movemask_epi8(Where(bytes, kSeparatorLead)) == 0) {
      to = PutBytes<kEscape>(to, at, kBlock);
      at += kBlock;
    } else {
      at = PutWithSeparators<kEscape>(to, at, at + kBlock, end);
    }
  }
  // Keys and short values: what is behind them is not ours to read.
  const size_t left = static_cast<size_t>(end - at);
  if (left >= 8 ? CopyPlainEnds<kEscape, uint64_t>(at, left, to)
                : left >= 4 && CopyPlainEnds<kEscape, uint32_t>(at, left, to)) {
    return to + left;
  }
  PutWithSeparators<kEscape>(to, at, end, end);
  return to;
}
#else
template <Escape kEscape>
char* Escaped(char* to, const char* at, const char* const end) {
  PutWithSeparators<kEscape>(to, at, end, end);
  return to;
}
#endif

template <Escape kEscape>
void AppendEscaped(Buffer& out, std::string_view text) {
  // Large texts in pieces: room for the worst case of them all would be much.
  while (text.size() > kShortText) {
    size_t piece = kShortText;
    // A line separator is not cut in two.
    while (piece > kShortText - 3 && (text[piece] & 0xC0) == 0x80) --piece;
    char* const to = out.Reserve(RoomFor(piece));
    out.Finish(Escaped<kEscape>(to, text.data(), text.data() + piece));
    text.remove_prefix(piece);
  }
  char* const to = out.Reserve(RoomFor(text.size()));
  out.Finish(Escaped<kEscape>(to, text.data(), text.data() + text.size()));
}

}  // namespace

void AppendJsonText(Buffer& out, std::string_view text, Escape escape) {
  if (escape == Escape::kHtml) {
    AppendEscaped<Escape::kHtml>(out, text);
  } else {
    AppendEscaped<Escape::kJson>(out, text);
  }
}

void AppendJsonString(Buffer& out, std::string_view text, Escape escape) {
  out.Append('"');
  AppendJsonText(out, text, escape);
  out.Append('"');
}

void AppendDecimal(Buffer& out, int64_t value) {
  char* to = out.Reserve(24);
  out.Finish(std::to_chars(to, to + 24, value).ptr);
}

void AppendJsonInt(Buffer& out, int64_t value) {
  constexpr int64_t kExact = int64_t{1} << 53;
  const bool exact = value > -kExact && value < kExact;
  if (!exact) out.Append('"');
  AppendDecimal(out, value);
  if (!exact) out.Append('"');
}

void AppendJsonReal(Buffer& out, double value) {
  if (std::isnan(value)) return out.Append("\"NaN\"");
  if (std::isinf(value)) return out.Append(value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  char* to = out.Reserve(32);
  out.Finish(std::to_chars(to, to + 32, value).ptr);
}

void AppendMillis(Buffer& out, int64_t ns) {
  if (ns < 0) out.Append('-');
  // The smallest int64 has no positive twin.
  const uint64_t magnitude = ns < 0 ? ~static_cast<uint64_t>(ns) + 1 : static_cast<uint64_t>(ns);
  AppendDecimal(out, static_cast<int64_t>(magnitude / 1'000'000));
  uint64_t rest = magnitude % 1'000'000;
  if (rest == 0) return;
  char* to = out.Reserve(8);
  *to++ = '.';
  for (uint64_t digit = 100'000; rest > 0; digit /= 10) {
    *to++ = static_cast<char>('0' + rest / digit);
    rest %= digit;
  }
  out.Finish(to);
}

}  // namespace spanlog::frame
