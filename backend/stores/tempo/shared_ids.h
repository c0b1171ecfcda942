// Undoes what Tempo does to spans that share an id.
#pragma once

#include "model/trace.h"

namespace spanlog::stores {

// Tempo gives the server half of a call that shares its id with the client half an id of its own
// (1, 2, …) below the client. Its log records carry the shared id: it becomes emitted_span_id.
void FindSharedIds(Trace& trace);

}  // namespace spanlog::stores
