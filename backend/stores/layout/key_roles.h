// Which fields of a log record say what: the spellings that loggers, pipelines and Loki use.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spanlog::stores {

enum class KeyRole : uint8_t {
  kNone,
  kTraceId,        // hex, or one of the wrapped forms of layout/ids.h
  kSpanId,
  kPlainTrace,     // "trace": an id, unless it is another thing of that name
  kPlainSpan,      // "span"
  kDatadogTrace,   // decimal
  kDatadogSpan,    // decimal
  kTraceparent,    // W3C: 00-<trace>-<span>-01; B3: <trace>-<span>-1; Jaeger: <trace>:<span>:0:1
  kSeverityNumber,  // OpenTelemetry's 1 to 24
  kSeverityText,
  kLevel,          // text, or pino's, syslog's or Python's number
  kPythonLevel,
  kDetectedLevel,  // Loki's guess
  kMessage,
  kService,
  kEventName,
  kScopeName,
};

// Case, `_`, `-` and `.` do not matter: trace_id, traceId, TraceID and trace.id are one key.
KeyRole RoleOf(std::string_view key);

// Among the message keys of one line the one with the lowest rank is the message.
int MessageRank(std::string_view key);

// A datasource's own names for the id keys, compared as loosely; they come before the built-in ones.
struct OwnKeys {
  std::vector<std::string> trace_id;
  std::vector<std::string> span_id;
};
KeyRole RoleOf(std::string_view key, const OwnKeys& own);

}  // namespace spanlog::stores
