// Jaeger's UI JSON into a Trace, and what the OpenTelemetry exporter hid in tags taken out again.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "model/trace.h"

namespace spanlog::stores {

// Reads {"data":[{"traceID":…,"spans":[…],"processes":{…}}]}. Spans of trace.id are taken, of the
// only trace when its id is written otherwise. trace.arena is replaced. REQUIRES: `trace` is empty
// but for its id. Error: DataLoss.
absl::Status ReadJaegerJson(std::string body, Trace& trace);

}  // namespace spanlog::stores
