// Models, tools and agents of a run: calls, errors, tokens, cost, latency.
#pragma once

#include <string>

#include "frame/table.h"
#include "weave/woven.h"

namespace spanlog::views {

// One row per model, tool and agent, in this order, the longest first. Durations are milliseconds,
// quantiles by nearest rank. What no call said is null, not zero.
frame::Table RollUpTable(const weave::Woven& woven, const std::string& ref_id);

}  // namespace spanlog::views
