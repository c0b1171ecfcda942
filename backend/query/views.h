// The frames of an answer beside the trace frame.
#pragma once

#include <string>
#include <vector>

#include "query/pipeline.h"
#include "query/record_links.h"

namespace spanlog::query {

// The views that `query` asks for, encoded: logs, nodes and edges, table. Made from what the reader
// may see: the content policy was applied to `woven`.
std::vector<Rope> EncodeViews(const weave::Woven& woven, const RecordLinks& links,
                              const settings::Settings& settings, const settings::Query& query,
                              const std::string& ref_id);

}  // namespace spanlog::query
