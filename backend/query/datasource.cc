#include "query/datasource.h"

#include <utility>

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

}  // namespace

absl::StatusOr<std::shared_ptr<Datasource>> Datasource::Create(settings::Settings settings,
                                                               std::string user_agent) {
  auto policy = policy::ParsePolicy(settings.policy_json);
  if (!policy.ok()) return policy.status();
  std::unique_ptr<stores::TraceStore> traces;
  std::unique_ptr<stores::LogStore> logs;
  if (!settings.traces.url.empty()) {
    http::ClientOptions options = settings.traces.http;
    options.user_agent = user_agent;
    auto client = http::Client::Create(std::move(options));
    if (!client.ok()) return client.status();
    traces = stores::MakeTraceStore(settings,
                                    Metered(*std::move(client), LabelOf(settings.trace_store)));
  }
  if (!settings.logs.upstream.url.empty()) {
    http::ClientOptions options = settings.logs.upstream.http;
    options.user_agent = std::move(user_agent);
    auto client = http::Client::Create(std::move(options));
    if (!client.ok()) return client.status();
    logs = stores::MakeLogStore(settings, Metered(*std::move(client), "Loki"));
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
