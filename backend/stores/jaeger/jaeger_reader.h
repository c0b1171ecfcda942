// Jaeger's UI JSON into a Trace, and what the OpenTelemetry exporter hid in tags taken out again.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "model/trace.h"

namespace spanlog::stores {

// Reads {"data":[{"traceID":…,"spans":[…],"processes":{…}}]}. Spans of trace.id are taken, of the only
// trace when its id is written otherwise. trace.arena is replaced. REQUIRES: `trace` is empty but for
// its id. Error: DataLoss.
absl::Status ReadJaegerJson(std::string body, Trace& trace);

// For traces read from /api/v3: moves `jaeger.internal.warnings` from the attributes to the span's
// warnings.
void TakeJaegerWarnings(Trace& trace);

// Names that Jaeger and the Collector invent for what was not sent: empty again.
std::string_view WithoutPlaceholder(std::string_view name);

}  // namespace spanlog::stores
