// OTLP protobuf bodies into a Trace, read in place and while they come in: names and texts are
// views into the body.
#pragma once

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "model/trace.h"
#include "stores/body_pieces.h"

namespace spanlog::stores {

// Reads TracesData (Tempo's v1 answer): adds its resources, scopes and spans to `trace`, and the
// body to its arena. Ids and times are as sent; see identity.h. Errors: that of `body`; DataLoss
// when the bytes are not protobuf; ResourceExhausted when they are made to fill the memory
// (growth.h). `trace` has no spans then.
absl::Status ReadTracesData(BodyPieces& body, Trace& trace);

// Reads Tempo's v2 answer (TraceByIDResponse): the same, and `partial` with its message. The two
// bodies cannot be told apart by their bytes; the URL that was called decides.
absl::Status ReadTraceByIdResponse(BodyPieces& body, Trace& trace);

inline absl::Status ReadTracesData(std::string body, Trace& trace) {
  WholeBody whole(std::move(body));
  return ReadTracesData(whole, trace);
}
inline absl::Status ReadTraceByIdResponse(std::string body, Trace& trace) {
  WholeBody whole(std::move(body));
  return ReadTraceByIdResponse(whole, trace);
}

}  // namespace spanlog::stores
