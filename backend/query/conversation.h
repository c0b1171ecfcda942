// All runs of one conversation or session, in order, as one trace: a synthetic root
// per run.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "query/pipeline.h"

namespace spanlog::query {

// NotFound when neither store knows the id. A run that cannot be fetched is named in a warning, the
// others are shown.
absl::StatusOr<weave::Woven> WeaveConversation(const Datasource& datasource,
                                               const settings::Query& query, const Reader& reader,
                                               const stores::RequestContext& context);

}  // namespace spanlog::query
