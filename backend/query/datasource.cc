#include "query/datasource.h"

#include <utility>

#include "base/metrics.h"
#include "http/client.h"
#include "query/metered_client.h"
#include "stores/factory.h"

namespace spanlog::query {
namespace {

std::string_view LabelOf(settings::TraceStoreKind kind) {
  switch (kind) {
    case settings::TraceStoreKind::kTempo:
      return "Tempo";
    case settings::TraceStoreKind::kJaeger:
      return "Jaeger";
    case settings::TraceStoreKind::kZipkin:
      return "Zipkin";
  }
  return "Tempo";
}

// A client that counts each attempt and asks again after failures that pass.
absl::StatusOr<std::unique_ptr<http::Client>> OpenClient(const settings::Upstream& upstream,
                                                         const std::string& user_agent,
                                                         std::string_view store,
                                                         RetryObserver on_retry) {
  http::ClientOptions options = upstream.http;
  options.user_agent = user_agent;
  http::RetryOptions retry;
  retry.total_timeout_ms = options.total_timeout_ms;
  retry.on_retry = [store, on_retry = std::move(on_retry)](const http::RetryEvent& event) {
    AllMetrics().upstream_retries.With({store}).Add();
    if (on_retry) on_retry(store, event);
  };
  auto client = http::Client::Create(std::move(options));
  if (!client.ok()) return client.status();
  return http::Retrying(Metered(*std::move(client), store), std::move(retry));
}

}  // namespace

absl::StatusOr<std::shared_ptr<Datasource>> Datasource::Create(settings::Settings settings,
                                                               std::string user_agent,
                                                               RetryObserver on_retry) {
  auto policy = policy::ParsePolicy(settings.policy_json);
  if (!policy.ok()) return policy.status();
  std::unique_ptr<stores::TraceStore> traces;
  std::unique_ptr<stores::LogStore> logs;
  if (!settings.traces.url.empty()) {
    auto client = OpenClient(settings.traces, user_agent, LabelOf(settings.trace_store), on_retry);
    if (!client.ok()) return client.status();
    traces = stores::MakeTraceStore(settings, *std::move(client));
  }
  if (!settings.logs.upstream.url.empty()) {
    auto client = OpenClient(settings.logs.upstream, user_agent, "Loki", std::move(on_retry));
    if (!client.ok()) return client.status();
    logs = stores::MakeLogStore(settings, *std::move(client));
  }
  return std::make_shared<Datasource>(std::move(settings), *std::move(policy), std::move(traces),
                                      std::move(logs));
}

Datasource::Datasource(settings::Settings settings, policy::Policy policy,
                       std::unique_ptr<stores::TraceStore> traces,
                       std::unique_ptr<stores::LogStore> logs)
    : settings_(std::move(settings)),
      policy_(std::move(policy)),
      redactor_(policy_),
      traces_(std::move(traces)),
      logs_(std::move(logs)) {}

}  // namespace spanlog::query
