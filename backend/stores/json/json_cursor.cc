#include "stores/json/json_cursor.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <simdjson.h>

#include <cstdint>
#include <cstring>

#include "base/json_escape.h"

namespace spanlog::stores {
namespace {

constexpr int kMaxDepth = 64;
constexpr ptrdiff_t kLongestNumber = 16;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpecial(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

// How many bytes at the end are the begin of a character whose rest is missing.
size_t CutCharacter(const char* begin, const char* end) {
  for (size_t back = 1; back <= 3 && back <= static_cast<size_t>(end - begin); ++back) {
    const auto byte = static_cast<unsigned char>(end[-static_cast<ptrdiff_t>(back)]);
    if (byte < 0x80) return 0;
    if (byte < 0xC0) continue;
    const size_t size = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    return back < size ? back : 0;
  }
  return 0;
}

// What a one-letter escape stands for; 0 when there is no such escape.
char Escaped(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

}  // namespace

bool JsonCursor::More(char*& keep) {
  const ptrdiff_t kept = end_ - keep, read = at_ - keep;
  if (is_broken_ || unchecked_ > static_cast<size_t>(kept)) return false;
  char* const moved = text_.More(keep);
  if (moved == nullptr) return false;
  keep = moved;
  at_ = moved + read;
  end_ = text_.end();
  const char* const first = moved + kept - unchecked_;
  unchecked_ = CutCharacter(first, end_);
  is_broken_ = !simdjson::validate_utf8(first, static_cast<size_t>(end_ - first) - unchecked_);
  if (is_broken_) end_ = at_;
  return !is_broken_;
}

bool JsonCursor::Has(ptrdiff_t bytes, char*& keep) {
  while (end_ - at_ < bytes) {
    if (!More(keep)) return false;
  }
  return true;
}

bool JsonCursor::FindSpecial(char*& begin) {
  while (!FindSpecialHere()) {
    if (!More(begin)) return false;
  }
  return true;
}

bool JsonCursor::FindSpecialHere() {
#ifdef __SSE2__
  while (end_ - at_ >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at_));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    const __m128i found =
        _mm_or_si128(_mm_or_si128(control, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))),
                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    if (const int mask = _mm_movemask_epi8(found); mask != 0) {
      at_ += __builtin_ctz(static_cast<unsigned>(mask));
      return true;
    }
    at_ += 16;
  }
#endif
  while (at_ != end_ && !IsSpecial(*at_)) ++at_;
  return at_ != end_;
}

bool JsonCursor::TakeText(std::string_view& text) {
  if (!Take('"')) return false;
  char* begin = at_;
  if (!FindSpecial(begin)) return false;
  char* stop = at_;
  if (*at_ == '\\') {
    const ptrdiff_t first = at_ - begin;
    while (*at_ == '\\') {
      if (!Has(2, begin)) return false;
      at_ += 2;
      if (!FindSpecial(begin)) return false;
    }
    if (*at_ != '"') return false;
    stop = Unescape(begin + first, at_);
    if (stop == nullptr) return false;
  } else if (*at_ != '"') {
    return false;
  }
  text = {begin, static_cast<size_t>(stop - begin)};
  ++at_;
  return true;
}

char* JsonCursor::Unescape(char* first, char* stop) {
  const auto size = static_cast<size_t>(stop - first);
  const std::string_view source = before_.Copy({first, size});
  changed_.push_back({first, source});
  char* to = first;
  size_t at = 0;
  while (at < size) {
#ifdef __SSE2__
    // What is written is never ahead of what is read, so that a whole block stays before `stop`.
    if (size - at >= 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(source.data() + at));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
      const int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
      const size_t plain =
          mask == 0 ? 16 : static_cast<size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
      at += plain;
      to += plain;
      if (mask == 0) continue;
    }
#endif
    if (source[at] != '\\') {
      *to++ = source[at++];
    } else if (const char letter = Escaped(source[at + 1]); letter != 0) {
      *to++ = letter;
      at += 2;
    } else {
      const JsonEscapedCharacter escaped = JsonEscapedAt(source, at);
      const bool is_half = IsHighSurrogate(escaped.code) || IsLowSurrogate(escaped.code);
      if (escaped.code < 0 || is_half) return nullptr;
      to = PutUtf8(escaped.code, to);
      at += escaped.size;
    }
  }
  return to;
}

void JsonCursor::Restore() {
  for (const Changed& changed : changed_) {
    std::memcpy(changed.at, changed.before.data(), changed.before.size());
  }
  changed_.clear();
}

bool JsonCursor::SkipWord(std::string_view word) {
  if (!Has(static_cast<ptrdiff_t>(word.size()), at_) ||
      std::memcmp(at_, word.data(), word.size()) != 0) {
    return false;
  }
  at_ += word.size();
  return true;
}

bool JsonCursor::SkipNumber() {
  if (!Has(kLongestNumber + 2, at_) && is_broken_) return false;
  if (*at_ == '-') ++at_;
  const char* const begin = at_;
  const bool zero = at_ != end_ && *at_ == '0';
  const auto skip_digits = [&] {
    const char* const first = at_;
    while (at_ != end_ && IsDigit(*at_)) ++at_;
    return at_ != first;
  };
  if (!skip_digits() || (zero && at_ - begin > 1)) return false;
  if (at_ != end_ && *at_ == '.') {
    ++at_;
    if (!skip_digits()) return false;
  }
  if (at_ - begin > kLongestNumber || at_ == end_) return false;
  return *at_ == ',' || *at_ == ']' || *at_ == '}' || *at_ == ' ' || *at_ == '\n' || *at_ == '\r' ||
         *at_ == '\t';
}

bool JsonCursor::SkipValue(int depth) {
  SkipBlanks();
  if (at_ == end_ || depth > kMaxDepth) return false;
  std::string_view text;
  switch (*at_) {
    case '{':
      return TakeList('{', '}', [&] { return TakeName(text) && SkipValue(depth + 1); });
    case '[':
      return TakeList('[', ']', [&] { return SkipValue(depth + 1); });
    case '"':
      return TakeText(text);
    case 't':
      return SkipWord("true");
    case 'f':
      return SkipWord("false");
    case 'n':
      return SkipWord("null");
    default:
      return SkipNumber();
  }
}

}  // namespace spanlog::stores
