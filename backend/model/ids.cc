#include "model/ids.h"

#include <array>
#include <cstdint>

#include "base/text.h"

namespace spanlog {
namespace {

// The value of each hex digit, -1 for all other bytes.
constexpr std::array<int8_t, 256> kHexDigits = [] {
  std::array<int8_t, 256> digits{};
  for (int8_t& digit : digits) digit = -1;
  for (int8_t i = 0; i < 10; ++i) digits[static_cast<size_t>('0' + i)] = i;
  for (int8_t i = 10; i < 16; ++i) {
    digits[static_cast<size_t>('a' + i - 10)] = digits[static_cast<size_t>('A' + i - 10)] = i;
  }
  return digits;
}();

// Reads up to 16 hex digits; false when anything else is among them.
bool ParseHex(std::string_view text, uint64_t& out) {
  int all = 0;  // negative once there was no digit
  for (const char c : text) {
    const int digit = kHexDigits[static_cast<uint8_t>(c)];
    all |= digit;
    out = out << 4 | static_cast<uint64_t>(digit & 15);
  }
  return all >= 0;
}

}  // namespace

void WriteHex64(uint64_t value, char* out16) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (int i = 15; i >= 0; --i) {
    out16[i] = kDigits[value & 0xF];
    value >>= 4;
  }
}

std::string SpanIdHex(uint64_t span_id) {
  std::string out(16, '0');
  WriteHex64(span_id, out.data());
  return out;
}

std::string TraceId::Hex() const { return SpanIdHex(high) + SpanIdHex(low); }
std::string TraceId::LowHex() const { return SpanIdHex(low); }

std::optional<TraceId> ParseTraceId(std::string_view text) {
  if (text.empty() || text.size() > 32) return std::nullopt;
  const size_t high_digits = text.size() > 16 ? text.size() - 16 : 0;
  TraceId id;
  const bool is_hex =
      ParseHex(text.substr(0, high_digits), id.high) && ParseHex(text.substr(high_digits), id.low);
  return is_hex ? std::optional(id) : std::nullopt;
}

uint64_t ParseSpanId(std::string_view text) {
  if (StartsWith(text, "0x")) text.remove_prefix(2);
  if (text.empty() || text.size() > 16) return 0;
  uint64_t id = 0;
  return ParseHex(text, id) ? id : 0;
}

}  // namespace spanlog
