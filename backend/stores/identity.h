// What a trace view relies on and stores do not promise: every span has an id of its own, a start,
// an end after it, and no span is its own ancestor.
#pragma once

#include "model/trace.h"

namespace spanlog::stores {

// Mends a trace as read:
// - the same span twice (a retransmission) becomes one;
// - the server half of an RPC that shares its id with the client half (Zipkin, B3, raw Jaeger) gets
// an
//   id of its own below the client; children of the same service as the server move below it;
// - any other repeated or missing id is replaced by one derived from the span's content, so that it
// is
//   the same in every query; children stay with the first span of that id;
// - a missing start becomes the earliest event, else the parent's start, else the earliest of the
//   children, else the start of the trace; an end before the start becomes the start; a time after
//   kLatestTimeNs becomes that. The span says so.
// - a parent that is the span itself or one of its descendants is dropped.
void MakeSane(Trace& trace);

}  // namespace spanlog::stores
