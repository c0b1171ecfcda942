#include "stores/tempo/tempo.h"

#include <chrono>

#include "base/compute_turn.h"
#include "base/errors.h"
#include "base/text.h"
#include "stores/identity.h"
#include "stores/otlp/otlp_json.h"
#include "stores/otlp/otlp_reader.h"
#include "stores/tempo/shared_ids.h"

namespace spanlog::stores {
namespace {

constexpr int64_t kRememberNoV2Ms = 10 * 60 * 1000;
constexpr std::string_view kWhat = "Fetching the trace";

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

absl::Status NotFound(const TraceId& id) {
  return DownstreamError(
      absl::StatusCode::kNotFound,
      Concat("Trace not found: Tempo has no trace ", id.Hex(),
             ". It may not have arrived yet, may have been sampled away or be older than the "
             "retention, or belong to another tenant."),
      404);
}

// Go's router says so when it does not know the path; Tempo's own "not found" has no body.
bool IsUnknownPath(const http::Response& response) {
  return response.status == 404 && Contains(response.body, "404 page not found");
}

absl::Status WrongUrl() {
  return DownstreamError(absl::StatusCode::kUnavailable,
                         Concat(kWhat,
                                ": the server answered 404 and knows none of Tempo's paths. Check the "
                                "URL in the datasource's settings (behind a gateway it often ends in "
                                "/tempo)."),
                         404);
}

bool IsJson(const http::Response& response) {
  return Contains(response.Header("content-type"), "application/json");
}

absl::StatusOr<Trace> ReadTrace(const TraceId& id, http::Response response, bool v2) {
  const ComputeTurn turn(ComputeStep::kRead);
  Trace trace;
  trace.id = id;
  absl::Status status;
  if (IsJson(response)) {  // a gateway that does not pass the Accept header on
    status = ReadOtlpJson(std::move(response.body), trace);
  } else {
    const std::string_view body = trace.arena->Own(std::move(response.body));
    status = v2 ? ReadTraceByIdResponse(body, trace) : ReadTracesData(body, trace);
  }
  if (!status.ok()) {
    return DownstreamError(status.code(), Concat("Tempo: ", std::string(status.message())));
  }
  if (trace.spans.empty()) return NotFound(id);
  FindSharedIds(trace);
  MakeSane(trace);
  return trace;
}

Call TraceCall(const TraceId& id, bool v2) {
  Call call;
  call.path = Concat(v2 ? "/api/v2/traces/" : "/api/traces/", id.Hex());
  call.headers = {{"Accept", "application/protobuf"}};
  // Where an operator prunes leaf spans by default, the parents of log records would be missing.
  // Tempos that do not know the parameter ignore it.
  if (v2) call.params = {{"span_pruning", "false"}};
  return call;
}

}  // namespace

bool Tempo::SkipV2() const { return NowMs() < no_v2_until_ms_.load(std::memory_order_relaxed); }

absl::StatusOr<Trace> Tempo::FetchTrace(const TraceId& id, const RequestContext& request) {
  const CallContext context(request);
  const bool ask_v2 = !SkipV2();
  if (ask_v2) {
    absl::StatusOr<http::Response> response = upstream_.Fetch(TraceCall(id, true), context);
    if (!response.ok()) return response.status();
    if (!IsUnknownPath(*response)) {
      if (response->status == 404 && !IsWebPage(*response)) return NotFound(id);
      if (response->status == 404) return WrongUrl();
      if (absl::Status status = upstream_.CheckAnswer(kWhat, *response); !status.ok()) return status;
      return ReadTrace(id, *std::move(response), true);
    }
  }
  absl::StatusOr<http::Response> response = upstream_.Fetch(TraceCall(id, false), context);
  if (!response.ok()) return response.status();
  if (IsUnknownPath(*response) || (response->status == 404 && IsWebPage(*response))) {
    return WrongUrl();
  }
  if (ask_v2) no_v2_until_ms_.store(NowMs() + kRememberNoV2Ms, std::memory_order_relaxed);
  if (response->status == 404) return NotFound(id);
  if (absl::Status status = upstream_.CheckAnswer(kWhat, *response); !status.ok()) return status;
  return ReadTrace(id, *std::move(response), false);
}

// Tempo echoes before it looks at tenants and credentials. The list of intrinsics needs both and reads no
// data; whatever else goes wrong with it is no matter of health (old Tempos do not have it).
absl::Status Tempo::CheckAccess(const CallContext& context) {
  Call call;
  call.path = "/api/v2/search/tags";
  call.params = {{"scope", "intrinsic"}};
  const absl::StatusOr<http::Response> response = upstream_.Fetch(std::move(call), context);
  if (!response.ok() || (response->status != 401 && response->status != 403)) return absl::OkStatus();
  return upstream_.CheckAnswer("Health check", *response);
}

absl::Status Tempo::CheckHealth(const RequestContext& request) {
  const CallContext context(request);
  Call call;
  call.path = "/api/echo";
  absl::StatusOr<http::Response> response = upstream_.FetchOk("Health check", call, context);
  if (!response.ok()) return response.status();
  if (TrimSpace(response->body) == "echo") return CheckAccess(context);
  return DownstreamError(
      absl::StatusCode::kFailedPrecondition,
      Concat("Health check: the server answers, but not as Tempo does (\"echo\" was expected, it said \"",
             ErrorBodyHead(response->body), "\"). Check the URL in the datasource's settings."),
      response->status);
}

}  // namespace spanlog::stores
