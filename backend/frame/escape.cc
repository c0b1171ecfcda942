#include "frame/escape.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <cstring>

namespace spanlog::frame {
namespace {

constexpr size_t kBlock = 16;

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
    Set(table, static_cast<uint8_t>(c),
        c < 0x20 ? std::string_view(unicode, 6) : std::string_view(itself, 1));
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

// `at` has two bytes behind it.
inline bool IsSeparator(const char* at) {
  return *at == kSeparatorLead && at[1] == '\x80' && (at[2] == '\xA8' || at[2] == '\xA9');
}

struct Progress {
  char* to;
  const char* at;
};

// Byte by byte. A separator may end behind `stop`.
template <Escape kEscape>
Progress PutBytes(char* to, const char* at, const char* stop, const char* end) {
  while (at < stop) {
    if (end - at >= 3 && IsSeparator(at)) {
      std::memcpy(to, at[2] == '\xA8' ? "\\u2028" : "\\u2029", 6);
      to += 6;
      at += 3;
    } else {
      const EscapeOf& escape = kTable<kEscape>[static_cast<uint8_t>(*at++)];
      std::memcpy(to, &escape, sizeof(escape));
      to += escape.size;
    }
  }
  return {to, at};
}

#ifdef __SSE2__
inline __m128i Load(const char* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}
inline void Store(char* to, __m128i bytes) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
}
inline __m128i Where(__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); }
inline uint32_t Mask(__m128i found) { return static_cast<uint32_t>(_mm_movemask_epi8(found)); }

// A bit for each byte that may need an escape.
template <Escape kEscape>
inline uint32_t Special(__m128i bytes) {
  __m128i found = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  found = _mm_or_si128(_mm_or_si128(found, Where(bytes, '"')),
                       _mm_or_si128(Where(bytes, '\\'), Where(bytes, kSeparatorLead)));
  if constexpr (kEscape == Escape::kHtml) {
    found = _mm_or_si128(_mm_or_si128(found, Where(bytes, '&')),
                         _mm_or_si128(Where(bytes, '<'), Where(bytes, '>')));
  }
  return Mask(found);
}

// True when a line separator begins in the block. `at` has two bytes behind the block.
inline bool HasSeparator(const char* at, uint32_t leads) {
  for (; leads != 0; leads &= leads - 1) {
    if (IsSeparator(at + std::countr_zero(leads))) return true;
  }
  return false;
}

// A block with escapes at the bits of `special`: what follows one is copied anew, farther on. No
// step waits for the one before, and the next block begins where it always does. REQUIRES: two
// blocks at `at`.
template <Escape kEscape>
inline char* PutMarked(char* to, const char* at, uint32_t special) {
  Store(to, Load(at));
  for (; special != 0; special &= special - 1) {
    const int i = std::countr_zero(special);
    const EscapeOf& escape = kTable<kEscape>[static_cast<uint8_t>(at[i])];
    std::memcpy(to + i, &escape, sizeof(escape));
    to += escape.size - 1;
    Store(to + i + 1, Load(at + i + 1));
  }
  return to + kBlock;
}

// Copies `size` bytes, sizeof(Word) to twice that, when none of them may need an escape.
template <Escape kEscape, typename Word>
inline bool CopyPlainEnds(const char* from, size_t size, char* to) {
  Word first, last;
  std::memcpy(&first, from, sizeof(Word));
  std::memcpy(&last, from + size - sizeof(Word), sizeof(Word));
  const __m128i bytes =
      sizeof(Word) == 8
          ? _mm_set_epi64x(static_cast<int64_t>(last), static_cast<int64_t>(first))
          : _mm_set1_epi64x(static_cast<int64_t>(uint64_t{first} | (uint64_t{last} << 31 << 1)));
  if (Special<kEscape>(bytes) != 0) return false;
  std::memcpy(to, &first, sizeof(Word));
  std::memcpy(to + size - sizeof(Word), &last, sizeof(Word));
  return true;
}

// Keys and short values: what is around them is not ours to read.
template <Escape kEscape>
inline char* PutShort(char* to, const char* at, size_t size) {
  if (size >= 8 ? CopyPlainEnds<kEscape, uint64_t>(at, size, to)
                : size >= 4 && CopyPlainEnds<kEscape, uint32_t>(at, size, to)) {
    return to + size;
  }
  return PutBytes<kEscape>(to, at, at + size, at + size).to;
}

template <Escape kEscape>
char* Put(char* to, const char* at, size_t size) {
  if (size < kBlock) return PutShort<kEscape>(to, at, size);
  const char* const end = at + size;
  while (static_cast<size_t>(end - at) > kBlock) {
    const __m128i bytes = Load(at);
    uint32_t special = Special<kEscape>(bytes);
    if (special == 0) {
      Store(to, bytes);
      at += kBlock;
      to += kBlock;
      continue;
    }
    const uint32_t leads = Mask(Where(bytes, kSeparatorLead));
    if (static_cast<size_t>(end - at) < 2 * kBlock || (leads != 0 && HasSeparator(at, leads))) {
      const Progress progress = PutBytes<kEscape>(to, at, at + kBlock, end);
      to = progress.to;
      at = progress.at;
    } else {
      to = PutMarked<kEscape>(to, at, special & ~leads);
      at += kBlock;
    }
  }
  // The whole block before the end, for what of it is written already was copied as it is; unless a
  // line separator reaches into it.
  const size_t left = static_cast<size_t>(end - at);
  const __m128i last = Load(end - kBlock);
  const bool begins_inside = (end[-static_cast<ptrdiff_t>(kBlock)] & 0xC0) == 0x80;
  if (!begins_inside && Special<kEscape>(last) == 0) {
    Store(to + left - kBlock, last);
    return to + left;
  }
  return PutBytes<kEscape>(to, at, end, end).to;
}
#else
template <Escape kEscape>
char* Put(char* to, const char* at, size_t size) {
  return PutBytes<kEscape>(to, at, at + size, at + size).to;
}
#endif

}  // namespace

char* PutJsonText(char* to, std::string_view text, Escape escape) {
  return escape == Escape::kHtml ? Put<Escape::kHtml>(to, text.data(), text.size())
                                 : Put<Escape::kJson>(to, text.data(), text.size());
}

}  // namespace spanlog::frame
