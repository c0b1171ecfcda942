// Ids as they occur in log records: hex, decimal, and wrapped in the headers and URLs of other
// systems.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/ids.h"

namespace spanlog::stores {

// 32 or 16 hex digits (shorter ones too, for some loggers drop leading zeros), optional 0x; the 32
// digits of a UUID; AWS X-Ray's 1-8hex-24hex, also as "Root=…;Parent=…" and before "@<span>";
// Google's projects/P/traces/ID. Empty when it is none of these; "0" and all zeros mean "no trace".
TraceId TraceIdInField(std::string_view text);

// 1 to 16 hex digits, optional 0x. 0 when it is none.
uint64_t SpanIdInField(std::string_view text);

// Datadog's decimal ids. A 128-bit Datadog trace id is written in hex.
TraceId DatadogTraceId(std::string_view text);
uint64_t DatadogSpanId(std::string_view text);

struct TraceContext {
  TraceId trace_id;
  uint64_t span_id = 0;
};
// "00-<32>-<16>-01" (W3C), "<32 or 16>-<16>-1" (B3's single header) and "<1 to 32>:<1 to 16>:0:1"
// (Jaeger's own header, whose ids have no leading zeros).
std::optional<TraceContext> ReadTraceparent(std::string_view text);

// What a plain text says about the trace `wanted`: whether it is in there (32 digits, or the 16 of
// the low half, any case; a 64-bit id without its leading zeros; a UUID; Datadog's decimal), and
// the span id beside it or after a "span_id=" anywhere.
struct IdsInText {
  bool has_trace = false;
  uint64_t span_id = 0;
};
IdsInText FindIdsInText(std::string_view text, const TraceId& wanted);

}  // namespace spanlog::stores
