// The trace frame: Grafana's TraceSpanRow columns as one Arrow IPC file.
#pragma once

#include <string>
#include <string_view>

#include "weave/woven.h"

namespace spanlog::frame {

struct TraceFrameOptions {
  std::string ref_id;
  std::string executed_query;        // shown in Grafana's query inspector
  std::string links_json;            // field config links (JSON array) on spanID; empty: none
  size_t max_attribute_bytes = 256 << 10;
  size_t max_frame_bytes = 64ll << 20;
};

// Arrow IPC file bytes (magic ARROW1). Keeps every rule of design.md "Rules that the frame must
// keep". Texts over max_attribute_bytes are cut and say so in the text.
std::string EncodeTraceFrame(const weave::Woven& woven, const TraceFrameOptions& options);

// The same rows as Grafana's frame JSON ({"schema":…,"data":…}), for `spanlog show --json`.
std::string TraceFrameJson(const weave::Woven& woven, const TraceFrameOptions& options);

}  // namespace spanlog::frame
