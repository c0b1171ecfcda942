// Arrow's IPC file format, as Grafana's SDK reads it: one schema, one record batch.
#pragma once

#include "base/rope.h"
#include "frame/columns.h"

namespace spanlog::frame {

// Large columns become pieces of the result as they are: a frame is neither copied nor held twice.
Rope ToArrowFile(FrameColumns columns);

}  // namespace spanlog::frame
