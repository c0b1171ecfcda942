// TraceQL search: a table whose rows open the woven trace, with what agents' runs used.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "query/pipeline.h"

namespace spanlog::query {

absl::StatusOr<Answer> RunSearch(const Datasource& datasource, const settings::Query& query,
                                 const std::string& ref_id, const Reader& reader,
                                 const stores::RequestContext& context);

}  // namespace spanlog::query
