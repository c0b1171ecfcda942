// The records and messages of a run as Grafana's logs panel wants them, oldest first.
#pragma once

#include <cstddef>
#include <string>

#include "frame/table.h"
#include "weave/woven.h"

namespace spanlog::views {

struct LogsViewOptions {
  std::string ref_id;
  std::string datasource_uid;  // of this datasource, for the way back into the trace
  std::string record_links;    // links (JSON array) of `recordWindow`; empty: no such column
  std::string record_label;    // only rows with this label have a link
  size_t max_body_bytes = 256 << 10;
  size_t max_frame_bytes = 64ll << 20;
};

// Grafana's data plane type "log-lines": timestamp, body, severity, id, labels; then spanID, which
// opens the row in the trace, and recordTime and recordWindow, which find the record in the log
// store. A log row has its record's own time and line; a message row has its place in the trace and
// begins with its role. Rows beyond the size are counted in a notice.
frame::Table LogsView(const weave::Woven& woven, const LogsViewOptions& options);

// The milliseconds around a record as a range of Explore:
// {"from":"1700000000000","to":"1700000000001"}.
std::string RecordWindow(int64_t record_ns);

}  // namespace spanlog::views
