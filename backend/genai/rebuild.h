// A trace out of log records alone: for runs whose spans were never exported, were
// sampled away, or that only ever wrote logs (agent CLIs).
#pragma once

#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai {

// Session → prompt → model request and tool call, from the ids that the records carry, with times
// from the records (a request that says how long it took started that much earlier). Without such
// ids the trace has no spans. The spans carry the ids as attributes, so that the records join them,
// and what the records say of usage. The views live in the trace's arena and in `logs`.
Trace RebuildTrace(const LogBatch& logs, const TraceId& id);

}  // namespace spanlog::genai
