#include "frame/json_text.h"

#include <charconv>
#include <cmath>

namespace spanlog::frame {
namespace {

// Texts up to here get room for the worst case at once.
constexpr size_t kShortText = 512;

}  // namespace

void AppendJsonText(Buffer& out, std::string_view text, Escape escape) {
  // Large texts in pieces: room for the worst case of them all would be much.
  while (text.size() > kShortText) {
    size_t piece = kShortText;
    // A line separator is not cut in two.
    while (piece > kShortText - 3 && (text[piece] & 0xC0) == 0x80) --piece;
    out.Finish(PutJsonText(out.Reserve(RoomForJson(piece)), text.substr(0, piece), escape));
    text.remove_prefix(piece);
  }
  out.Finish(PutJsonText(out.Reserve(RoomForJson(text.size())), text, escape));
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
