// Search in both of Jaeger's interfaces.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <utility>

#include "base/text.h"
#include "stores/agent_spans.h"
#include "stores/clock_units.h"
#include "stores/jaeger/jaeger.h"
#include "stores/jaeger/jaeger_errors.h"
#include "stores/json/json_body.h"
#include "stores/json/json_value.h"
#include "stores/search_words.h"
#include "stores/summaries.h"

namespace spanlog::stores {
namespace {

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
  if (search.end_ns > search.start_ns && search.start_ns > 0)
    return {search.start_ns, search.end_ns};
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
          if (const auto value = Member(attribute, "value"))
            service = TextMember(*value, "stringValue");
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
        SummarySpan found;
        found.id = ParseSpanId(TextMember(span, "spanId"));
        found.parent = ParseSpanId(TextMember(span, "parentSpanId"));
        found.name = TextMember(span, "name");
        found.start_ns = IntMember(span, "startTimeUnixNano").value_or(0);
        found.end_ns = IntMember(span, "endTimeUnixNano").value_or(0);
        if (const auto status = Member(span, "status")) {
          found.error = IntMember(*status, "code").value_or(0) == 2;
        }
        if (const auto attributes = ArrayMember(span, "attributes")) {
          for (const JsonElement attribute : *attributes) {
            const auto value = Member(attribute, "value");
            if (!value.has_value()) continue;
            found.attributes.emplace_back(TextMember(attribute, "key"), AnyValueText(*value));
          }
        }
        summaries.Add(*id, service, TextMember(span, "parentSpanId").empty(), std::move(found));
      }
    }
  }
}

void AddTags(const JsonArray& tags, SummarySpan& span) {
  for (const JsonElement tag : tags) {
    const std::string_view key = TextMember(tag, "key");
    const auto value = Member(tag, "value");
    if (!value.has_value()) continue;
    std::string text(TextMember(tag, "value"));
    if (text.empty()) AppendJson(text, *value);
    if (text == "\"\"") text.clear();
    span.error |= (key == "error" && text == "true") ||
                  (key == "otel.status_code" && EqualsIgnoreCase(text, "error"));
    span.attributes.emplace_back(key, std::move(text));
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
    StringMap<std::string_view> services;  // by process
    JsonObject object;
    if (processes.has_value() && processes->get_object().get(object) == simdjson::SUCCESS) {
      for (const auto process : object) {
        services.try_emplace(process.key, TextMember(process.value, "serviceName"));
      }
    }
    for (const JsonElement span : *spans) {
      const auto process = services.find(TextMember(span, "processID"));
      const std::string_view service =
          process == services.end() ? std::string_view() : process->second;
      const auto references = ArrayMember(span, "references");
      SummarySpan found;
      found.id = ParseSpanId(TextMember(span, "spanID"));
      if (references.has_value()) {
        for (const JsonElement reference : *references) {
          if (found.parent == 0) found.parent = ParseSpanId(TextMember(reference, "spanID"));
        }
      }
      found.name = TextMember(span, "operationName");
      found.start_ns = MicrosToNs(IntMember(span, "startTime"));
      found.end_ns = EndOf(found.start_ns, MicrosToNs(IntMember(span, "duration")));
      if (const auto tags = ArrayMember(span, "tags")) AddTags(*tags, found);
      summaries.Add(*id, service, !references.has_value() || references->size() == 0,
                    std::move(found));
    }
  }
}

}  // namespace

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
      FetchEither(kWhat, SearchV3(*words, search), SearchV1(*words, search), context);
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

}  // namespace spanlog::stores
