#include "frame/trace_frame.h"

#include "frame/arrow_file.h"
#include "frame/frame_json.h"
#include "frame/trace_columns.h"

namespace spanlog::frame {

Rope EncodeTraceFrame(const weave::Woven& woven, const TraceFrameOptions& options) {
  return ToArrowFile(BuildTraceColumns(woven, options));
}

std::string TraceFrameJson(const weave::Woven& woven, const TraceFrameOptions& options) {
  return ToFrameJson(BuildTraceColumns(woven, options));
}

}  // namespace spanlog::frame
