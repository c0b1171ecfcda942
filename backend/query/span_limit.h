// Keeps a trace within limits.spans without breaking its tree.
#pragma once

#include <cstddef>

#include "model/log_record.h"
#include "model/trace.h"

namespace spanlog::query {

// Leaves spans out until `limit` are left, and says so in trace.warnings. Nothing happens to a
// trace that is within the limit. Kept first: spans that records name and spans of model calls,
// then failed ones, then the earliest; each with all spans above it, so that nothing loses its
// parent.
void LimitSpans(Trace& trace, const LogBatch& logs, size_t limit);

}  // namespace spanlog::query
