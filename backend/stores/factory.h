// Stores from settings.
#pragma once

#include <memory>

#include "http/client.h"
#include "settings/settings.h"
#include "stores/store.h"

namespace spanlog::stores {

// The trace store that `settings` name. REQUIRES: settings.traces.url is not empty.
std::unique_ptr<TraceStore> MakeTraceStore(const settings::Settings& settings,
                                           std::shared_ptr<http::Client> client);

// Loki. A trace id expression that cannot be used costs a warning in every batch, not the logs.
// REQUIRES: settings.logs.upstream.url is not empty.
std::unique_ptr<LogStore> MakeLogStore(const settings::Settings& settings,
                                       std::shared_ptr<http::Client> client);

}  // namespace spanlog::stores
