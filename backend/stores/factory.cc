#include "stores/factory.h"

#include "stores/jaeger/jaeger.h"
#include "stores/loki/loki.h"
#include "stores/tempo/tempo.h"
#include "stores/zipkin/zipkin.h"

namespace spanlog::stores {

std::unique_ptr<TraceStore> MakeTraceStore(const settings::Settings& settings,
                                           std::shared_ptr<http::Client> client) {
  switch (settings.trace_store) {
    case settings::TraceStoreKind::kJaeger:
      return std::make_unique<Jaeger>(settings.traces.url, std::move(client));
    case settings::TraceStoreKind::kZipkin:
      return std::make_unique<Zipkin>(settings.traces.url, std::move(client));
    default:
      return std::make_unique<Tempo>(settings.traces.url, std::move(client));
  }
}

std::unique_ptr<LogStore> MakeLogStore(const settings::Settings& settings,
                                       std::shared_ptr<http::Client> client) {
  return std::make_unique<Loki>(settings.logs, std::move(client));
}

}  // namespace spanlog::stores
