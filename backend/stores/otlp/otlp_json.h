// OTLP in its JSON forms: OTLP/JSON (Jaeger's /api/v3: hex ids, numbers for enums) and Tempo's own
// (base64 ids, names for enums). Both are read by the same code; the length of an id tells them
// apart.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "model/trace.h"

namespace spanlog::stores {

// Reads a body that is one of {"resourceSpans":[…]}, {"batches":[…]}, {"trace":{…},"status":…},
// {"result":{…}}, or several of them one after the other, and adds its spans to `trace`, whose
// arena is replaced by one that keeps the parsed texts too. REQUIRES: `trace` is empty but for its
// id. Error: DataLoss when the body is none of these.
absl::Status ReadOtlpJson(std::string body, Trace& trace);

}  // namespace spanlog::stores
