// Zipkin's v2 JSON into a Trace: pieces merged, and what OpenTelemetry's exporters put into tags
// and annotations taken out again.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "model/trace.h"

namespace spanlog::stores {

// Reads arrays of spans, each body as one answer gave it. trace.arena is replaced. A shared span
// gets kind SERVER, so that MakeSane moves it below its client half. REQUIRES: `trace` is empty but
// for its id. Error: DataLoss when a body is no such array.
absl::Status ReadZipkinJson(std::vector<std::string> bodies, Trace& trace);

}  // namespace spanlog::stores
