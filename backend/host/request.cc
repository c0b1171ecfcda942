#include "host/request.h"

#include <algorithm>

#include "base/errors.h"

namespace spanlog::host {
namespace {

using SystemClock = std::chrono::system_clock;

std::string Metadata(const grpc::CallbackServerContext& call, const char* key) {
  const auto found = call.client_metadata().find(key);
  if (found == call.client_metadata().end()) return {};
  return std::string(found->second.data(), found->second.size());
}

RequestFacts PlainFacts(const grpc::CallbackServerContext& call,
                        const pluginv2::PluginContext& context) {
  RequestFacts facts;
  // gRPC says "none" with the end of time.
  const SystemClock::time_point deadline = call.deadline();
  if (deadline < SystemClock::now() + std::chrono::hours(24 * 365)) facts.deadline = deadline;
  facts.tenant = Metadata(call, "tenantid");
  // W3C: version-traceid-spanid-flags.
  const std::string parent = Metadata(call, "traceparent");
  if (parent.size() >= 35) facts.trace_id = parent.substr(3, 32);
  facts.reader.login = context.user().login();
  facts.reader.role = context.user().role();
  facts.reader.org_id = context.orgid();
  return facts;
}

}  // namespace

RequestFacts FactsOf(const grpc::CallbackServerContext& call,
                     const pluginv2::PluginContext& context,
                     const google::protobuf::Map<std::string, std::string>& headers) {
  RequestFacts facts = PlainFacts(call, context);
  facts.headers.assign(headers.begin(), headers.end());
  facts.reader.from_alert = IsFromAlert(facts.headers);
  return facts;
}

RequestFacts FactsOf(const grpc::CallbackServerContext& call,
                     const pluginv2::PluginContext& context,
                     const google::protobuf::Map<std::string, pluginv2::StringList>& headers) {
  RequestFacts facts = PlainFacts(call, context);
  for (const auto& [name, list] : headers) {
    std::string all;
    for (const std::string& value : list.values()) {
      if (!all.empty()) all += name == "Cookie" ? "; " : ", ";
      all += value;
    }
    facts.headers.emplace_back(name, std::move(all));
  }
  return facts;
}

stores::RequestContext ContextOf(const RequestFacts& facts, const settings::Settings& settings,
                                 int64_t most_ms) {
  stores::RequestContext context;
  context.cancellation = facts.cancellation;
  context.forwarded_headers = ForwardedHeaders(settings.traces, facts.headers);
  context.forwarded_log_headers = ForwardedHeaders(settings.logs.upstream, facts.headers);
  context.deadline_ms = most_ms;
  if (facts.deadline.has_value()) {
    const int64_t left = std::max<int64_t>(1, std::chrono::duration_cast<std::chrono::milliseconds>(
                                                  *facts.deadline - SystemClock::now())
                                                  .count());
    // What a store did not give in time must leave time to weave and to send what the others gave.
    const int64_t for_stores = left - std::min<int64_t>(left / 10, 500);
    context.deadline_ms = most_ms > 0 ? std::min(most_ms, for_stores) : for_stores;
  }
  return context;
}

absl::Status CheckStillWanted(const RequestFacts& facts) {
  if (facts.cancellation->cancelled()) {
    return absl::CancelledError("Grafana cancelled the request.");
  }
  if (facts.deadline.has_value() && SystemClock::now() >= *facts.deadline) {
    return absl::DeadlineExceededError("The request's time was over before its turn came.");
  }
  return absl::OkStatus();
}

}  // namespace spanlog::host
