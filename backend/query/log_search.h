// What to ask the log store for a trace: its services, its window and the keys that
// join records without a trace id to it.
#pragma once

#include "model/trace.h"
#include "settings/query.h"
#include "settings/settings.h"
#include "stores/store.h"

namespace spanlog::query {

// `trace` may have no spans (the trace store does not know it): then the window is Grafana's.
stores::LogSearch MakeLogSearch(const Trace& trace, const settings::Query& query,
                                const settings::Settings& settings);

}  // namespace spanlog::query
