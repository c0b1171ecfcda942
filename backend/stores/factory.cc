#include "stores/factory.h"

#include "stores/loki/loki.h"
#include "stores/tempo/tempo.h"

namespace spanlog::stores {

std::unique_ptr<TraceStore> MakeTraceStore(const settings::Settings& settings,
                                           std::shared_ptr<http::Client> client) {
  return std::make_unique<Tempo>(settings.traces.url, std::move(client));
}

std::unique_ptr<LogStore> MakeLogStore(const settings::Settings& settings,
                                       std::shared_ptr<http::Client> client) {
  return std::make_unique<Loki>(settings.logs, std::move(client));
}

}  // namespace spanlog::stores
