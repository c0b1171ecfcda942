// Arrow's IPC file format, as Grafana's SDK reads it: one schema, one record batch.
#pragma once

#include <string>

#include "frame/columns.h"

namespace spanlog::frame {

// The columns' bytes are freed as they are copied, so that the frame is not held twice.
std::string ToArrowFile(FrameColumns columns);

}  // namespace spanlog::frame
