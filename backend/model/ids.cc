#include "model/ids.h"

#include "base/text.h"

namespace spanlog {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
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
  TraceId id;
  for (const char c : text) {
    const int digit = HexDigit(c);
    if (digit < 0) return std::nullopt;
    id.high = id.high << 4 | id.low >> 60;
    id.low = id.low << 4 | static_cast<uint64_t>(digit);
  }
  return id;
}

uint64_t ParseSpanId(std::string_view text) {
  if (StartsWith(text, "0x")) text.remove_prefix(2);
  if (text.empty() || text.size() > 16) return 0;
  uint64_t id = 0;
  for (const char c : text) {
    const int digit = HexDigit(c);
    if (digit < 0) return 0;
    id = id << 4 | static_cast<uint64_t>(digit);
  }
  return id;
}

}  // namespace spanlog
