// The query room as the host's backend.
#pragma once

#include "host/service.h"

namespace spanlog::host {

// Opens query::Datasource.
absl::StatusOr<std::shared_ptr<Backend>> OpenQueryBackend(settings::Settings settings,
                                                          std::string user_agent);

}  // namespace spanlog::host
