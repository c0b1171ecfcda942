// OTLP's numbers as the model has them. What OTLP does not know falls back to "unspecified":
// Grafana's trace view breaks on a status other than 0, 1 and 2.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "base/arena.h"
#include "model/trace.h"

namespace spanlog::stores {

inline SpanKind KindOf(uint64_t number) {
  return number <= 5 ? static_cast<SpanKind>(number) : SpanKind::kUnspecified;
}

inline StatusCode StatusOf(uint64_t number) {
  return number <= 2 ? static_cast<StatusCode>(number) : StatusCode::kUnset;
}

// A time that does not fit (the year 2262 and later) is none.
inline int64_t TimeOf(uint64_t ns) {
  return ns > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) ? 0
                                                                         : static_cast<int64_t>(ns);
}

// "SPAN_KIND_SERVER", "server", "SERVER" -> kServer, as JSON forms and Jaeger's tag write it.
SpanKind KindOf(std::string_view name);
// "STATUS_CODE_ERROR", "Error", "ERROR" -> kError.
StatusCode StatusOf(std::string_view name);

// The value of service.name as text, whatever its type; empty when there is none.
std::string_view ServiceNameOf(Attributes resource, Arena& arena);

}  // namespace spanlog::stores
