#include "stores/zipkin/zipkin.h"

#include <algorithm>
#include <chrono>

#include "base/compute_turn.h"
#include "base/errors.h"
#include "base/text.h"
#include "stores/clock_units.h"
#include "stores/identity.h"
#include "stores/json/json_body.h"
#include "stores/search_words.h"
#include "stores/summaries.h"
#include "stores/zipkin/zipkin_reader.h"

namespace spanlog::stores {
namespace {

constexpr std::string_view kFetching = "Fetching the trace";

Call TraceCall(std::string id) {
  Call call;
  call.path = Concat("/api/v2/trace/", id);
  return call;
}

// Zipkin's own "not found" is text; a web page or a router's words mean another server.
bool IsUnknownPath(const http::Response& response) {
  return response.status == 404 &&
         (IsWebPage(response) || Contains(response.body, "404 page not found"));
}

absl::Status WrongUrl(const http::Response& response) {
  return DownstreamError(
      absl::StatusCode::kUnavailable,
      Concat(kFetching, ": the server answered 404 and does not know Zipkin's API (",
             ErrorBodyHead(response.body),
             "). Check the URL in the datasource's settings; it may have to end in "
             "/zipkin."),
      404);
}

}  // namespace

absl::StatusOr<Trace> Zipkin::FetchTrace(const TraceId& id, const RequestContext& request) {
  const CallContext context(request);
  // A 64-bit id is stored under 16 digits. A reporter that knows only the low half of a 128-bit id
  // files its spans under that, and a strict Zipkin then keeps them as a trace of its own.
  std::unique_ptr<http::Pending> whole, half;
  if (id.high != 0) whole = upstream_.Start(TraceCall(id.Hex()), context);
  half = upstream_.Start(TraceCall(id.LowHex()), context);
  std::vector<std::string> bodies;
  for (http::Pending* pending : {whole.get(), half.get()}) {
    if (pending == nullptr) continue;
    absl::StatusOr<http::Response> response = pending->Wait();
    const bool optional = pending == half.get() && whole != nullptr;
    if (!response.ok()) {
      if (optional && !bodies.empty()) break;
      return response.status();
    }
    if (IsUnknownPath(*response)) return WrongUrl(*response);
    if (response->status == 404) continue;
    const absl::Status status = upstream_.CheckAnswer(kFetching, *response);
    if (!status.ok()) {
      if (optional) break;
      return status;
    }
    bodies.push_back(std::move(response->body));
  }
  Trace trace;
  trace.id = id;
  const ComputeTurn turn(ComputeStep::kRead, context.cancellation());
  if (context.cancelled()) return RequestCancelled();
  if (!bodies.empty()) {
    if (absl::Status status = ReadZipkinJson(std::move(bodies), trace); !status.ok()) return status;
  }
  if (trace.spans.empty()) {
    return DownstreamError(
        absl::StatusCode::kNotFound,
        Concat("Trace not found: Zipkin has no trace ", id.Hex(),
               ". It may not have arrived yet, may have been sampled away or be older than the "
               "retention."),
        404);
  }
  MakeSane(trace);
  return trace;
}

absl::StatusOr<std::vector<TraceSummary>> Zipkin::Search(const TraceSearch& search,
                                                         const RequestContext& request) {
  constexpr std::string_view kWhat = "Searching traces";
  const absl::StatusOr<SearchWords> words = ParseSearchWords(search.query, "Zipkin");
  if (!words.ok()) return words.status();
  Call call;
  call.path = "/api/v2/traces";
  call.params = {{"limit", Concat(std::max(search.limit, 1))}};
  if (search.end_ns > search.start_ns && search.start_ns > 0) {
    call.params.emplace_back("endTs", Concat(search.end_ns / 1'000'000));
    call.params.emplace_back("lookback", Concat((search.end_ns - search.start_ns) / 1'000'000));
  }
  if (!words->service.empty()) call.params.emplace_back("serviceName", words->service);
  // Zipkin stores names in lower case.
  if (!words->operation.empty()) call.params.emplace_back("spanName", ToLower(words->operation));
  if (words->min_duration_ns > 0) {
    call.params.emplace_back("minDuration", Concat(words->min_duration_ns / 1000));
  }
  if (words->max_duration_ns > 0) {
    call.params.emplace_back("maxDuration", Concat(words->max_duration_ns / 1000));
  }
  std::string annotations;
  for (const auto& [key, value] : words->tags) {
    if (!annotations.empty()) annotations.append(" and ");
    annotations.append(key);
    // `error` alone finds all errors; its value is the message.
    if (key != "error" && !value.empty()) Append(annotations, '=', value);
  }
  if (!annotations.empty()) call.params.emplace_back("annotationQuery", annotations);

  absl::StatusOr<http::Response> response =
      upstream_.FetchOk(kWhat, std::move(call), CallContext(request));
  if (!response.ok()) return response.status();
  const auto body = JsonBody::Parse(std::move(response->body));
  JsonArray traces, spans;
  if (!body.has_value() || body->root().get_array().get(traces) != simdjson::SUCCESS) {
    return upstream_.Unreadable(kWhat, "a search result in JSON");
  }
  Summaries summaries;
  for (const JsonElement trace : traces) {
    if (trace.get_array().get(spans) != simdjson::SUCCESS) continue;
    std::optional<TraceId> id;
    for (const JsonElement span : spans) {
      // One trace may mix 16 and 32 digits.
      const auto own = ParseTraceId(TextMember(span, "traceId"));
      if (own.has_value() && (!id.has_value() || own->high != 0)) id = own;
    }
    if (!id.has_value()) continue;
    for (const JsonElement span : spans) {
      const auto local = Member(span, "localEndpoint");
      SummarySpan found;
      found.id = ParseSpanId(TextMember(span, "id"));
      found.parent = ParseSpanId(TextMember(span, "parentId"));
      found.name = TextMember(span, "name");
      found.start_ns = MicrosToNs(IntMember(span, "timestamp"));
      found.end_ns = EndOf(found.start_ns, MicrosToNs(IntMember(span, "duration")));
      JsonObject tags;
      const auto tags_member = Member(span, "tags");
      if (tags_member.has_value() && tags_member->get_object().get(tags) == simdjson::SUCCESS) {
        for (const auto tag : tags) {
          std::string_view text;
          if (tag.value.get_string().get(text) != simdjson::SUCCESS) continue;
          found.attributes.emplace_back(tag.key, text);
          // Its presence is the error; its value is the message.
          found.error |= tag.key == "error";
        }
      }
      summaries.Add(*id, local.has_value() ? TextMember(*local, "serviceName") : std::string_view(),
                    TextMember(span, "parentId").empty(), std::move(found));
    }
  }
  return summaries.Take();
}

absl::StatusOr<std::vector<std::string>> Zipkin::List(std::string_view what, Call call,
                                                      const RequestContext& request) {
  absl::StatusOr<http::Response> response =
      upstream_.FetchOk(what, std::move(call), CallContext(request));
  if (!response.ok()) return response.status();
  const auto body = JsonBody::Parse(std::move(response->body));
  JsonArray list;
  if (!body.has_value() || body->root().get_array().get(list) != simdjson::SUCCESS) {
    return upstream_.Unreadable(what, "a list in JSON");
  }
  std::vector<std::string> names;
  for (const JsonElement item : list) {
    std::string_view name;
    if (item.get_string().get(name) == simdjson::SUCCESS) names.emplace_back(name);
  }
  return names;
}

absl::StatusOr<std::vector<std::string>> Zipkin::Services(const RequestContext& request) {
  Call call;
  call.path = "/api/v2/services";
  return List("Listing services", std::move(call), request);
}

absl::StatusOr<std::vector<std::string>> Zipkin::Operations(const std::string& service,
                                                            const RequestContext& request) {
  Call call;
  call.path = "/api/v2/spans";
  call.params = {{"serviceName", service}};
  return List("Listing operations", std::move(call), request);
}

}  // namespace spanlog::stores
