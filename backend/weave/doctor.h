// What is wrong with this trace and its records, and what to do about it: the
// warnings of the root row.
#pragma once

#include <string>
#include <vector>

#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"
#include "weave/span_tree.h"
#include "weave/woven.h"

namespace spanlog::weave {

struct WeaveCounts {
  uint32_t hidden_by_level = 0;
  uint32_t moved_to_edge = 0;     // records far outside the trace
  uint32_t without_trace_id = 0;  // found by other keys
};

// Every finding is one or two sentences. The most important first.
std::vector<Notice> Diagnose(const Trace& trace, const SpanTree& tree, const LogBatch* logs,
                             const Reading& reading, const WeaveCounts& counts);

}  // namespace spanlog::weave
