// What a call cost by the provisioned price table.
#pragma once

#include <vector>

#include "model/message.h"
#include "settings/settings.h"

namespace spanlog::weave {

// USD; the emitted cost when there is one, else by the first price whose pattern matches the model,
// else -1. Cached tokens are part of the input tokens and have prices of their own.
double CostOf(const CallUsage& usage, const std::vector<settings::Price>& prices);

}  // namespace spanlog::weave
