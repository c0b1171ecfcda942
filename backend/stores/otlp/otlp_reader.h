// OTLP protobuf bodies into a Trace, read in place: names and texts are views into the body.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "model/trace.h"

namespace spanlog::stores {

// Reads TracesData (Tempo's v1 answer): adds its resources, scopes and spans to `trace`. `body` must
// live as long as the trace (give it to trace.arena first). Ids and times are as sent; see
// identity.h. Error: DataLoss when the bytes are not protobuf.
absl::Status ReadTracesData(std::string_view body, Trace& trace);

// Reads Tempo's v2 answer (TraceByIDResponse): the same, and `partial` with its message. The two
// bodies cannot be told apart by their bytes; the URL that was called decides.
absl::Status ReadTraceByIdResponse(std::string_view body, Trace& trace);

}  // namespace spanlog::stores
