// The model, tool and agent calls of a trace as a flat list, for the views that count them.
#pragma once

#include <vector>

#include "model/message.h"
#include "model/trace.h"
#include "weave/rollup.h"
#include "weave/span_tree.h"
#include "weave/woven.h"

namespace spanlog::weave {

// Each call once, after the call it was made in: a span that repeats the usage of calls below it
// and a tool span seen again as an MCP client's are left out; a model call that only a record tells
// of is a call of the span that the record belongs to. Names are views into `trace` and `reading`;
// `usage` is what RollUpUsage made of the same.
std::vector<Call> CollectCalls(const Trace& trace, const SpanTree& tree, const Reading& reading,
                               const RollUp& usage, const std::vector<settings::Price>& prices);

}  // namespace spanlog::weave
