#include "stores/jaeger/jaeger.h"

#include <algorithm>
#include <chrono>

#include "base/compute_turn.h"
#include "base/errors.h"
#include "base/text.h"
#include "stores/identity.h"
#include "stores/jaeger/exporter_tags.h"
#include "stores/jaeger/jaeger_errors.h"
#include "stores/jaeger/jaeger_reader.h"
#include "stores/json/json_body.h"
#include "stores/otlp/otlp_json.h"

namespace spanlog::stores {
namespace {

constexpr int64_t kRememberNoV3Ms = 10 * 60 * 1000;
constexpr std::string_view kFetching = "Fetching the trace";

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

absl::Status NotFound(const TraceId& id) {
  return DownstreamError(
      absl::StatusCode::kNotFound,
      Concat("Trace not found: Jaeger has no trace ", id.Hex(),
             ". It may not have arrived yet, may have been sampled away or be older than the "
             "retention."),
      404);
}

bool IsNoSuchPath(int status) { return status == 404 || status == 405 || status == 501; }

// Texts of a list, or the `name` of each of its objects, each once.
std::vector<std::string> NamesOf(const std::optional<JsonArray>& list) {
  std::vector<std::string> names;
  if (!list.has_value()) return names;
  for (const JsonElement item : *list) {
    std::string_view name;
    if (item.get_string().get(name) != simdjson::SUCCESS) name = TextMember(item, "name");
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) continue;
    names.emplace_back(name);
  }
  return names;
}

}  // namespace

absl::StatusOr<Jaeger::Answered> Jaeger::FetchEither(std::string_view what, Call v3, Call v1,
                                                     const CallContext& context) {
  const bool ask_v3 = NowMs() >= no_v3_until_ms_.load(std::memory_order_relaxed);
  if (ask_v3) {
    absl::StatusOr<http::Response> response = upstream_.Fetch(std::move(v3), context);
    if (!response.ok()) return response.status();
    if (response->status >= 500 && response->status != 501) {
      // One broken interface is no reason to show nothing: v1 fails on one NaN, early v3 on much
      // else.
      absl::StatusOr<http::Response> other = upstream_.Fetch(std::move(v1), context);
      if (other.ok() && other->status == 200 && !IsWebPage(*other)) {
        return Answered{*std::move(other), false};
      }
      return Answered{*std::move(response), true};
    }
    if (!LacksPath(*response)) return Answered{*std::move(response), true};
  }
  absl::StatusOr<http::Response> response = upstream_.Fetch(std::move(v1), context);
  if (!response.ok()) return response.status();
  // Pages for both interfaces are not the UI's catch-all but a proxy's: its log-in page, an error.
  if (IsWebPage(*response) && !IsNoSuchPath(response->status)) {
    return upstream_.CheckAnswer(what, *response);
  }
  if (LacksPath(*response)) {
    return DownstreamError(
        absl::StatusCode::kUnavailable,
        Concat("The server knows none of Jaeger's paths (it answered ", response->status, ": ",
               ErrorBodyHead(response->body),
               "). Check the URL in the datasource's settings; with a base path it "
               "ends in that path."),
        response->status);
  }
  if (ask_v3) no_v3_until_ms_.store(NowMs() + kRememberNoV3Ms, std::memory_order_relaxed);
  return Answered{*std::move(response), false};
}

absl::StatusOr<Trace> Jaeger::FetchTrace(const TraceId& id, const RequestContext& request) {
  // Raw: an adjusted trace has shifted times, which no longer fit the log records'.
  Call v3;
  v3.path = Concat("/api/v3/traces/", id.Hex());
  v3.params = {{"raw_traces", "true"}, {"rawTraces", "true"}};  // older and newest spelling
  Call v1;
  v1.path = Concat("/api/traces/", id.Hex());
  v1.params = {{"raw", "true"}};
  const CallContext context(request);
  absl::StatusOr<Answered> answered = FetchEither(kFetching, std::move(v3), std::move(v1), context);
  if (!answered.ok()) return answered.status();
  http::Response& response = answered->response;
  if (response.status == 404) return NotFound(id);
  if (absl::Status status = CheckJaeger(upstream_, kFetching, response); !status.ok())
    return status;
  const ComputeTurn turn(ComputeStep::kRead, context.cancellation());
  if (context.cancelled()) return RequestCancelled();
  Trace trace;
  trace.id = id;
  const absl::Status status = answered->v3 ? ReadOtlpJson(std::move(response.body), trace)
                                           : ReadJaegerJson(std::move(response.body), trace);
  if (!status.ok()) {
    return DownstreamError(status.code(), Concat("Jaeger: ", std::string(status.message())));
  }
  if (trace.spans.empty()) return NotFound(id);
  if (answered->v3) TakeJaegerWarnings(trace);
  MakeSane(trace);
  return trace;
}

absl::StatusOr<std::vector<std::string>> Jaeger::Services(const RequestContext& request) {
  constexpr std::string_view kWhat = "Listing services";
  Call v3, v1;
  v3.path = "/api/v3/services";
  v1.path = "/api/services";
  absl::StatusOr<Answered> answered =
      FetchEither(kWhat, std::move(v3), std::move(v1), CallContext(request));
  if (!answered.ok()) return answered.status();
  if (absl::Status status = CheckJaeger(upstream_, kWhat, answered->response); !status.ok()) {
    return status;
  }
  const auto body = JsonBody::Parse(std::move(answered->response.body));
  if (!body.has_value() || !body->root().is_object()) {
    return upstream_.Unreadable(kWhat, "a service list in JSON");
  }
  return NamesOf(ArrayMember(body->root(), answered->v3 ? "services" : "data"));
}

absl::StatusOr<std::vector<std::string>> Jaeger::Operations(const std::string& service,
                                                            const RequestContext& request) {
  constexpr std::string_view kWhat = "Listing operations";
  Call v3, v1;
  v3.path = "/api/v3/operations";
  v3.params = {{"service", service}};
  v1.path = "/api/operations";
  v1.params = {{"service", service}};
  absl::StatusOr<Answered> answered =
      FetchEither(kWhat, std::move(v3), std::move(v1), CallContext(request));
  if (!answered.ok()) return answered.status();
  if (absl::Status status = CheckJaeger(upstream_, kWhat, answered->response); !status.ok()) {
    return status;
  }
  const auto body = JsonBody::Parse(std::move(answered->response.body));
  if (!body.has_value() || !body->root().is_object()) {
    return upstream_.Unreadable(kWhat, "an operation list in JSON");
  }
  return NamesOf(ArrayMember(body->root(), answered->v3 ? "operations" : "data"));
}

}  // namespace spanlog::stores
