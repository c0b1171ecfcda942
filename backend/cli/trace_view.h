// The trace frame as a tree of rows to draw. Built from the frame, not from what it was made of, so
// that the terminal shows what Grafana would get.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "frame/columns.h"

namespace spanlog::cli {

// Deeper rows are not indented further.
inline constexpr size_t kMaxLevels = 40;

struct ViewRow {
  std::string lane;     // serviceName
  std::string name;     // operationName
  std::string summary;  // tag `summary`; empty: none
  double start_ms = 0;
  double duration_ms = 0;
  bool is_log = false;  // a log span
  bool is_error = false;
  // One per level above, outermost first: does a later sibling follow on that level? Empty: root.
  // The innermost kMaxLevels of them.
  std::vector<bool> later_siblings;
};

struct TraceView {
  std::string trace_id;
  std::vector<ViewRow> rows;          // depth first, siblings in the frame's order
  std::vector<std::string> warnings;  // of the topmost span, then notices it does not repeat
  double start_ms = 0;
  double end_ms = 0;
};

// Every row of the frame is in the result once, whatever its parent is. All texts are one line and
// may stand on a terminal. InvalidArgument: a column of the trace view is missing.
absl::StatusOr<TraceView> BuildTraceView(const frame::FrameColumns& frame);

}  // namespace spanlog::cli
