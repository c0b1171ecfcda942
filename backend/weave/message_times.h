// When a message is drawn: its own time, or inside its call: inputs at its start,
// outputs at its end, a microsecond apart and in order.
#pragma once

#include <cstdint>
#include <vector>

#include "model/message.h"
#include "model/trace.h"

namespace spanlog::weave {

// Parallel to Reading::messages, ns. A message without a span and a time of its own gets 0.
std::vector<int64_t> MessageTimes(const Trace& trace, const Reading& reading);

}  // namespace spanlog::weave
