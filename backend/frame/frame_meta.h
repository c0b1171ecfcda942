// Grafana's FrameMeta of a trace frame. Every member has exactly the type that Grafana's Go structs
// have: one that differs fails the whole answer, of all queries.
#pragma once

#include <string>

#include "weave/woven.h"

namespace spanlog::frame {

std::string TraceMetaJson(const std::vector<weave::Notice>& notices, bool partial,
                          const std::string& executed_query);

// FieldConfig with `links`, a JSON array; empty when there are none.
std::string LinksConfigJson(const std::string& links_json);

}  // namespace spanlog::frame
