#include "stores/jaeger/jaeger.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "base/errors.h"
#include "base/text.h"
#include "stores/identity.h"
#include "stores/jaeger/jaeger_reader.h"
#include "stores/json/json_body.h"
#include "stores/otlp/otlp_json.h"
#include "stores/summaries.h"

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

// The server does not know the path: Go's router says so, the UI's catch-all answers with its page,
// and other implementations of Jaeger's API answer 404 or 501 without Jaeger's JSON.
bool LacksPath(const http::Response& response) {
  if (response.status == 501 || response.status == 405) return true;
  if (IsWebPage(response)) return true;
  return response.status == 404 && !StartsWith(TrimSpace(response.body), "{");
}

// {"data":null,"errors":[{"code":400,"msg":"…"}]} is v1's way to say what is wrong.
std::string WordsOf(const http::Response& response) {
  const auto body = JsonBody::Parse(response.body);
  if (body.has_value()) {
    if (const auto errors = ArrayMember(body->root(), "errors")) {
      for (const JsonElement error : *errors) return std::string(TextMember(error, "msg"));
    }
  }
  return response.body;
}

absl::Status CheckJaeger(const Upstream& upstream, std::string_view what,
                         const http::Response& response) {
  if (response.status == 200) return upstream.CheckAnswer(what, response);
  return UpstreamHttpError("Jaeger", what, response.status, WordsOf(response));
}

// RFC 3339 with nanoseconds, in UTC.
std::string Rfc3339(int64_t ns) {
  const std::time_t seconds = static_cast<std::time_t>(ns / 1'000'000'000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[64];
  std::snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%09lldZ", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                static_cast<long long>(ns % 1'000'000'000));
  return text;
}

std::string DurationText(int64_t ns) { return Concat(ns / 1000, "us"); }

struct Range {
  int64_t start_ns, end_ns;
};
Range RangeOf(const TraceSearch& search) {
  if (search.end_ns > search.start_ns && search.start_ns > 0) return {search.start_ns, search.end_ns};
  const int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
  return {now - 3'600'000'000'000, now};
}

Call SearchV3(const SearchWords& words, const TraceSearch& search) {
  const Range range = RangeOf(search);
  Call call;
  call.path = "/api/v3/traces";
  call.params = {{"query.service_name", words.service},
                 {"query.start_time_min", Rfc3339(range.start_ns)},
                 {"query.start_time_max", Rfc3339(range.end_ns)},
                 {"query.num_traces", Concat(std::max(search.limit, 1))},
                 {"query.raw_traces", "true"}};
  if (!words.operation.empty()) call.params.emplace_back("query.operation_name", words.operation);
  if (words.min_duration_ns > 0) {
    call.params.emplace_back("query.duration_min", DurationText(words.min_duration_ns));
  }
  if (words.max_duration_ns > 0) {
    call.params.emplace_back("query.duration_max", DurationText(words.max_duration_ns));
  }
  if (!words.tags.empty()) call.params.emplace_back("query.attributes", TagsAsJson(words));
  return call;
}

Call SearchV1(const SearchWords& words, const TraceSearch& search) {
  const Range range = RangeOf(search);
  Call call;
  call.path = "/api/traces";
  call.params = {{"service", words.service},
                 {"start", Concat(range.start_ns / 1000)},
                 {"end", Concat(range.end_ns / 1000)},
                 {"limit", Concat(std::max(search.limit, 1))},
                 {"raw", "true"}};
  if (!words.operation.empty()) call.params.emplace_back("operation", words.operation);
  if (words.min_duration_ns > 0) {
    call.params.emplace_back("minDuration", DurationText(words.min_duration_ns));
  }
  if (words.max_duration_ns > 0) {
    call.params.emplace_back("maxDuration", DurationText(words.max_duration_ns));
  }
  if (!words.tags.empty()) call.params.emplace_back("tags", TagsAsJson(words));
  return call;
}

void AddResourceSpans(JsonElement root, Summaries& summaries) {
  auto result = Member(root, "result");
  const auto list = ArrayMember(result.value_or(root), "resourceSpans");
  if (!list.has_value()) return;
  for (const JsonElement resource_spans : *list) {
    std::string_view service;
    if (const auto resource = Member(resource_spans, "resource")) {
      if (const auto attributes = ArrayMember(*resource, "attributes")) {
        for (const JsonElement attribute : *attributes) {
          if (TextMember(attribute, "key") != "service.name") continue;
          if (const auto value = Member(attribute, "value")) service = TextMember(*value, "stringValue");
        }
      }
    }
    const auto scopes = ArrayMember(resource_spans, "scopeSpans");
    if (!scopes.has_value()) continue;
    for (const JsonElement scope : *scopes) {
      const auto spans = ArrayMember(scope, "spans");
      if (!spans.has_value()) continue;
      for (const JsonElement span : *spans) {
        const auto id = ParseTraceId(TextMember(span, "traceId"));
        if (!id.has_value()) continue;
        summaries.Add(*id, service, TextMember(span, "name"),
                      TextMember(span, "parentSpanId").empty(),
                      IntMember(span, "startTimeUnixNano").value_or(0),
                      IntMember(span, "endTimeUnixNano").value_or(0));
      }
    }
  }
}

void AddJaegerTraces(JsonElement root, Summaries& summaries) {
  const auto data = ArrayMember(root, "data");
  if (!data.has_value()) return;
  for (const JsonElement trace : *data) {
    const auto id = ParseTraceId(TextMember(trace, "traceID"));
    const auto spans = ArrayMember(trace, "spans");
    const auto processes = Member(trace, "processes");
    if (!id.has_value() || !spans.has_value()) continue;
    for (const JsonElement span : *spans) {
      std::string_view service;
      if (processes.has_value()) {
        if (const auto process = Member(*processes, TextMember(span, "processID"))) {
          service = TextMember(*process, "serviceName");
        }
      }
      const auto references = ArrayMember(span, "references");
      const int64_t start = IntMember(span, "startTime").value_or(0) * 1000;
      summaries.Add(*id, service, TextMember(span, "operationName"),
                    !references.has_value() || references->size() == 0, start,
                    start + IntMember(span, "duration").value_or(0) * 1000);
    }
  }
}

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

absl::StatusOr<Jaeger::Answered> Jaeger::FetchEither(Call v3, Call v1, const CallContext& context) {
  const bool ask_v3 = NowMs() >= no_v3_until_ms_.load(std::memory_order_relaxed);
  if (ask_v3) {
    absl::StatusOr<http::Response> response = upstream_.Fetch(std::move(v3), context);
    if (!response.ok()) return response.status();
    if (!LacksPath(*response)) return Answered{*std::move(response), true};
  }
  absl::StatusOr<http::Response> response = upstream_.Fetch(std::move(v1), context);
  if (!response.ok()) return response.status();
  if (LacksPath(*response)) {
    return DownstreamError(absl::StatusCode::kUnavailable,
                           Concat("The server knows none of Jaeger's paths (it answered ",
                                  response->status, ": ", ErrorBodyHead(response->body),
                                  "). Check the URL in the datasource's settings; with a base path it "
                                  "ends in that path."),
                           response->status == 200 ? 404 : response->status);
  }
  if (ask_v3) no_v3_until_ms_.store(NowMs() + kRememberNoV3Ms, std::memory_order_relaxed);
  return Answered{*std::move(response), false};
}

absl::StatusOr<Trace> Jaeger::FetchTrace(const TraceId& id, const RequestContext& request) {
  // Raw: an adjusted trace has shifted times, which no longer fit the log records'.
  Call v3;
  v3.path = Concat("/api/v3/traces/", id.Hex());
  v3.params = {{"raw_traces", "true"}};
  Call v1;
  v1.path = Concat("/api/traces/", id.Hex());
  v1.params = {{"raw", "true"}};
  const CallContext context(request);
  absl::StatusOr<Answered> answered = FetchEither(std::move(v3), std::move(v1), context);
  if (!answered.ok()) return answered.status();
  http::Response& response = answered->response;
  if (response.status == 404) return NotFound(id);
  if (absl::Status status = CheckJaeger(upstream_, kFetching, response); !status.ok()) return status;
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

absl::StatusOr<std::vector<TraceSummary>> Jaeger::Search(const TraceSearch& search,
                                                         const RequestContext& request) {
  constexpr std::string_view kWhat = "Searching traces";
  const absl::StatusOr<SearchWords> words = ParseSearchWords(search.query, "Jaeger");
  if (!words.ok()) return words.status();
  if (words->service.empty()) {
    return absl::InvalidArgumentError(
        "Jaeger searches within one service: add service=<name> to the search.");
  }
  const CallContext context(request);
  absl::StatusOr<Answered> answered =
      FetchEither(SearchV3(*words, search), SearchV1(*words, search), context);
  if (!answered.ok()) return answered.status();
  if (answered->v3 && answered->response.status == 404) return std::vector<TraceSummary>();
  if (absl::Status status = CheckJaeger(upstream_, kWhat, answered->response); !status.ok()) {
    return status;
  }
  const auto body = JsonBody::Parse(std::move(answered->response.body));
  if (!body.has_value()) return upstream_.Unreadable(kWhat, "a search result in JSON");
  Summaries summaries;
  if (answered->v3) {
    AddResourceSpans(body->root(), summaries);
  } else {
    AddJaegerTraces(body->root(), summaries);
  }
  return summaries.Take();
}

absl::StatusOr<std::vector<std::string>> Jaeger::Tags(const RequestContext&) {
  return std::vector<std::string>{"service", "operation", "minDuration", "maxDuration", "error"};
}

absl::StatusOr<std::vector<std::string>> Jaeger::TagValues(const std::string& tag,
                                                           const RequestContext& request) {
  if (tag == "service" || tag == "service.name" || tag == "resource.service.name") {
    return Services(request);
  }
  return std::vector<std::string>();
}

absl::StatusOr<std::vector<std::string>> Jaeger::Services(const RequestContext& request) {
  constexpr std::string_view kWhat = "Listing services";
  Call v3, v1;
  v3.path = "/api/v3/services";
  v1.path = "/api/services";
  absl::StatusOr<Answered> answered =
      FetchEither(std::move(v3), std::move(v1), CallContext(request));
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
      FetchEither(std::move(v3), std::move(v1), CallContext(request));
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

absl::Status Jaeger::CheckHealth(const RequestContext& context) { return Services(context).status(); }

}  // namespace spanlog::stores
