// Trace and span ids.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spanlog {

// 128-bit trace id; a 64-bit id has high == 0. Printed as 32 lower-case hex digits.
struct TraceId {
  uint64_t high = 0;
  uint64_t low = 0;

  bool empty() const { return high == 0 && low == 0; }
  bool operator==(const TraceId&) const = default;

  std::string Hex() const;
  // The 16-digit form that B3 and old Jaeger clients write into logs.
  std::string LowHex() const;
};

// Reads 1 to 32 hex digits in any case (Tempo's own rule); nothing else.
std::optional<TraceId> ParseTraceId(std::string_view text);

// Reads 1 to 16 hex digits in any case, an optional 0x before them; 0 when it is not an id.
// A 64-bit span id of zeros means "no span" everywhere (W3C trace context).
uint64_t ParseSpanId(std::string_view text);

// 16 lower-case hex digits.
std::string SpanIdHex(uint64_t span_id);
void WriteHex64(uint64_t value, char* out16);

}  // namespace spanlog
