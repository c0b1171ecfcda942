#include "query/datasource.h"

#include <utility>

#include "http/client.h"
#include "stores/factory.h"

namespace spanlog::query {

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
    traces = stores::MakeTraceStore(settings, *std::move(client));
  }
  if (!settings.logs.upstream.url.empty()) {
    http::ClientOptions options = settings.logs.upstream.http;
    options.user_agent = std::move(user_agent);
    auto client = http::Client::Create(std::move(options));
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
