// The woven rows as the columns of Grafana's trace view.
#pragma once

#include "frame/columns.h"
#include "frame/trace_frame.h"
#include "weave/woven.h"

namespace spanlog::frame {

// Tempo's 17 columns in Tempo's order, then `warnings` and `stackTraces`.
FrameColumns BuildTraceColumns(const weave::Woven& woven, const TraceFrameOptions& options);

}  // namespace spanlog::frame
