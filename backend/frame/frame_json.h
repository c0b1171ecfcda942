// Grafana's JSON form of a frame: what a browser gets from /api/ds/query.
#pragma once

#include <string>

#include "frame/columns.h"

namespace spanlog::frame {

// {"schema":{…},"data":{"values":[…]}} with JSON cells as JSON. Times are whole milliseconds; what
// is left of their nanoseconds goes to `nanos`, as Grafana's own writer does.
std::string ToFrameJson(const FrameColumns& frame);

}  // namespace spanlog::frame
