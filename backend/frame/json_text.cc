#include "frame/json_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace spanlog::frame {
namespace {

// No escape is longer than this: a control character as \u001f.
constexpr size_t kLongestEscape = 6;
constexpr size_t kBlock = 16;

using Block = uint8_t __attribute__((vector_size(kBlock)));
using Halves = uint64_t __attribute__((vector_size(kBlock)));

constexpr bool IsSpecial(uint8_t c, Escape escape) {
  if (c < 0x20 || c == '"' || c == '\\' || c == 0xE2) return true;
  return escape == Escape::kHtml && (c == '&' || c == '<' || c == '>');
}

template <Escape kEscape>
constexpr std::array<bool, 256> MakeTable() {
  std::array<bool, 256> table{};
  for (size_t c = 0; c < 256; ++c) table[c] = IsSpecial(static_cast<uint8_t>(c), kEscape);
  return table;
}

// Where the first byte that may need an escape is; kBlock when there is none. 0xE2 begins the two
// line separators and much harmless punctuation.
template <Escape kEscape>
inline size_t FirstSpecial(Block bytes) {
  auto found = (bytes < 0x20) | (bytes == '"') | (bytes == '\\') | (bytes == 0xE2);
  if constexpr (kEscape == Escape::kHtml) {
    found |= (bytes == '&') | (bytes == '<') | (bytes == '>');
  }
  const Halves halves = reinterpret_cast<Halves>(found);
  if (halves[0] != 0) return static_cast<size_t>(__builtin_ctzll(halves[0])) / 8;
  if (halves[1] != 0) return 8 + static_cast<size_t>(__builtin_ctzll(halves[1])) / 8;
  return kBlock;
}

inline char* Put(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

// Writes what stands for the special character at `at` and moves `at` behind it.
template <Escape kEscape>
char* PutSpecial(char* to, const char*& at, const char* end) {
  const uint8_t c = static_cast<uint8_t>(*at++);
  switch (c) {
    case '"':
      return Put(to, "\\\"");
    case '\\':
      return Put(to, "\\\\");
    case '\n':
      return Put(to, "\\n");
    case '\r':
      return Put(to, "\\r");
    case '\t':
      return Put(to, "\\t");
    case '&':
      return Put(to, "&amp;");
    case '<':
      return Put(to, "&lt;");
    case '>':
      return Put(to, "&gt;");
    case 0xE2:
      if (end - at >= 2 && at[0] == '\x80' && (at[1] == '\xA8' || at[1] == '\xA9')) {
        to = Put(to, at[1] == '\xA8' ? "\\u2028" : "\\u2029");
        at += 2;
        return to;
      }
      *to = static_cast<char>(c);
      return to + 1;
    default: {
      constexpr char kHex[] = "0123456789abcdef";
      to = Put(to, "\\u00");
      *to++ = kHex[c >> 4];
      *to++ = kHex[c & 15];
      return to;
    }
  }
}

template <Escape kEscape>
void AppendEscaped(Buffer& out, std::string_view text) {
  static constexpr std::array<bool, 256> kTable = MakeTable<kEscape>();
  const char* at = text.data();
  const char* const end = at + text.size();
  // Room for what is left plus one escape and one block; asked for again after each escape.
  char* to = out.Reserve(text.size() + kLongestEscape + kBlock);
  const auto put_special = [&] {
    to = PutSpecial<kEscape>(to, at, end);
    out.Finish(to);
    to = out.Reserve(static_cast<size_t>(end - at) + kLongestEscape + kBlock);
  };
  while (end - at >= static_cast<ptrdiff_t>(kBlock)) {
    Block bytes;
    std::memcpy(&bytes, at, kBlock);
    std::memcpy(to, &bytes, kBlock);
    const size_t plain = FirstSpecial<kEscape>(bytes);
    at += plain;
    to += plain;
    if (plain < kBlock) put_special();
  }
  while (at < end) {
    if (kTable[static_cast<uint8_t>(*at)]) {
      put_special();
    } else {
      *to++ = *at++;
    }
  }
  out.Finish(to);
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
