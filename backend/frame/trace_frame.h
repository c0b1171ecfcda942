// The trace frame: Grafana's TraceSpanRow columns as one Arrow IPC file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/rope.h"
#include "weave/woven.h"

namespace spanlog::frame {

// A further column, which the trace view does not draw: its links appear on the rows that have a
// cell.
struct LinkColumn {
  std::string name;
  std::string links_json;               // field config links (JSON array)
  std::vector<std::string_view> cells;  // parallel to the rows; one without data() is null
};

struct TraceFrameOptions {
  std::string ref_id;
  std::string executed_query;     // shown in Grafana's query inspector
  std::vector<LinkColumn> links;  // their cells outlive the call
  size_t max_attribute_bytes = 256 << 10;
  size_t max_frame_bytes = 64ll << 20;
};

// Arrow IPC file bytes (magic ARROW1). Keeps every rule of design.md "Rules that the frame must
// keep". Texts over max_attribute_bytes are cut and say so in the text.
Rope EncodeTraceFrame(const weave::Woven& woven, const TraceFrameOptions& options);

// The same rows as Grafana's frame JSON ({"schema":…,"data":…}), for `spanlog show --json`.
std::string TraceFrameJson(const weave::Woven& woven, const TraceFrameOptions& options);

}  // namespace spanlog::frame
