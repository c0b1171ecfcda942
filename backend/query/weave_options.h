// What a query and its datasource ask of weave and policy.
#pragma once

#include "query/pipeline.h"
#include "weave/weave.h"

namespace spanlog::query {

weave::WeaveOptions MakeWeaveOptions(const settings::Settings& settings,
                                     const settings::Query& query);

// Filters `woven` for its reader; the terminal has no policy.
void ApplyPolicy(const Datasource& datasource, const Reader& reader, weave::Woven& woven);

}  // namespace spanlog::query
