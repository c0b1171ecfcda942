#include "stores/tempo/tempo.h"

#include <chrono>

#include "base/compute_turn.h"
#include "base/errors.h"
#include "base/text.h"
#include "stores/identity.h"
#include "stores/otlp/otlp_json.h"
#include "stores/otlp/otlp_reader.h"
#include "stores/streamed_body.h"
#include "stores/tempo/shared_ids.h"

namespace spanlog::stores {
namespace {

constexpr int64_t kRememberNoV2Ms = 10 * 60 * 1000;
constexpr std::string_view kWhat = "Fetching the trace";
constexpr std::string_view kProtobuf = "application/protobuf";

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
  return DownstreamError(
      absl::StatusCode::kUnavailable,
      Concat(kWhat,
             ": the server answered 404 and knows none of Tempo's paths. Check the "
             "URL in the datasource's settings (behind a gateway it often ends in "
             "/tempo)."),
      404);
}

bool IsJson(const http::Response& response) {
  return Contains(ToLower(response.Header("content-type")), "application/json");
}

absl::StatusOr<Trace> Finish(Trace trace, const absl::Status& status) {
  if (!status.ok()) {
    return DownstreamError(status.code(), Concat("Tempo: ", std::string(status.message())));
  }
  if (trace.spans.empty()) return NotFound(trace.id);
  FindSharedIds(trace);
  MakeSane(trace);
  return trace;
}

absl::StatusOr<Trace> ReadProtobuf(const TraceId& id, BodyPieces& body, bool v2) {
  Trace trace;
  trace.id = id;
  const absl::Status status = v2 ? ReadTraceByIdResponse(body, trace) : ReadTracesData(body, trace);
  if (!body.status().ok()) return body.status();
  return Finish(std::move(trace), status);
}

absl::StatusOr<Trace> ReadWhole(const TraceId& id, http::Response response, bool v2,
                                const CallContext& context) {
  const ComputeTurn turn(ComputeStep::kRead, context.cancellation());
  if (context.cancelled()) return RequestCancelled();
  if (!IsJson(response)) {
    WholeBody body(std::move(response.body));
    return ReadProtobuf(id, body, v2);
  }
  Trace trace;  // from a gateway that does not pass the Accept header on
  trace.id = id;
  const absl::Status status = ReadOtlpJson(std::move(response.body), trace);
  return Finish(std::move(trace), status);
}

Call TraceCall(const TraceId& id, bool v2) {
  Call call;
  call.path = Concat(v2 ? "/api/v2/traces/" : "/api/traces/", id.Hex());
  call.headers = {{"Accept", std::string(kProtobuf)}};
  call.piecewise = kProtobuf;
  // Where an operator prunes leaf spans by default, the parents of log records would be missing.
  // Tempos that do not know the parameter ignore it.
  if (v2) call.params = {{"span_pruning", "false"}};
  return call;
}

}  // namespace

bool Tempo::SkipV2() const { return NowMs() < no_v2_until_ms_.load(std::memory_order_relaxed); }

absl::StatusOr<Trace> Tempo::Ask(const TraceId& id, bool v2, const CallContext& context,
                                 std::optional<http::Response>& missing) {
  const std::unique_ptr<http::Pending> pending = upstream_.Start(TraceCall(id, v2), context);
  StreamedBody body(*pending, context);
  if (body.InPieces()) return ReadProtobuf(id, body, v2);
  absl::StatusOr<http::Response> response = body.Wait();
  if (!response.ok()) return response.status();
  if (response->status == 404) {
    missing = *std::move(response);
    return NotFound(id);
  }
  if (absl::Status status = upstream_.CheckAnswer(kWhat, *response); !status.ok()) return status;
  return ReadWhole(id, *std::move(response), v2, context);
}

absl::StatusOr<Trace> Tempo::FetchTrace(const TraceId& id, const RequestContext& request) {
  const CallContext context(request);
  std::optional<http::Response> missing;
  const bool ask_v2 = !SkipV2();
  if (ask_v2) {
    absl::StatusOr<Trace> trace = Ask(id, true, context, missing);
    if (!missing.has_value()) return trace;
    if (!IsUnknownPath(*missing)) return IsWebPage(*missing) ? WrongUrl() : NotFound(id);
    missing.reset();
  }
  absl::StatusOr<Trace> trace = Ask(id, false, context, missing);
  if (missing.has_value() && (IsUnknownPath(*missing) || IsWebPage(*missing))) return WrongUrl();
  if (ask_v2 && (trace.ok() || missing.has_value())) {
    no_v2_until_ms_.store(NowMs() + kRememberNoV2Ms, std::memory_order_relaxed);
  }
  return trace;
}

// Tempo echoes before it looks at tenants and credentials. The list of intrinsics needs both and
// reads no data; whatever else goes wrong with it is no matter of health (old Tempos do not have
// it).
absl::Status Tempo::CheckAccess(const CallContext& context) {
  Call call;
  call.path = "/api/v2/search/tags";
  call.params = {{"scope", "intrinsic"}};
  const absl::StatusOr<http::Response> response = upstream_.Fetch(std::move(call), context);
  if (!response.ok() || (response->status != 401 && response->status != 403))
    return absl::OkStatus();
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
      Concat("Health check: the server answers, but not as Tempo does (\"echo\" was expected, it "
             "said \"",
             ErrorBodyHead(response->body), "\"). Check the URL in the datasource's settings."),
      response->status);
}

}  // namespace spanlog::stores
