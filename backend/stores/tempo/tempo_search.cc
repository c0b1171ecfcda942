// Tempo's search and tag lists.
#include <algorithm>

#include "base/quoted.h"
#include "base/text.h"
#include "stores/agent_spans.h"
#include "stores/json/json_body.h"
#include "stores/tempo/tempo.h"

namespace spanlog::stores {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;

void AddSpanAttributes(JsonElement span_set, TraceSummary& summary) {
  const auto spans = ArrayMember(span_set, "spans");
  if (!spans.has_value()) return;
  for (const JsonElement span : *spans) {
    const auto attributes = ArrayMember(span, "attributes");
    if (!attributes.has_value()) continue;
    for (const JsonElement attribute : *attributes) {
      const std::string_view key = TextMember(attribute, "key");
      const auto value = Member(attribute, "value");
      const bool known = std::any_of(summary.attributes.begin(), summary.attributes.end(),
                                     [&](const auto& known_one) { return known_one.first == key; });
      if (known || key.empty() || !value.has_value()) continue;
      summary.attributes.emplace_back(key, AnyValueText(*value));
    }
  }
}

TraceSummary SummaryOf(JsonElement trace) {
  TraceSummary summary;
  summary.id = ParseTraceId(TextMember(trace, "traceID")).value_or(TraceId());
  summary.root_service = TextMember(trace, "rootServiceName");
  summary.root_name = TextMember(trace, "rootTraceName");
  summary.start_ns = IntMember(trace, "startTimeUnixNano").value_or(0);
  summary.duration_ms = IntMember(trace, "durationMs").value_or(0);
  const auto span_sets = ArrayMember(trace, "spanSets");
  if (span_sets.has_value() && span_sets->size() > 0) {
    for (const JsonElement span_set : *span_sets) AddSpanAttributes(span_set, summary);
  } else if (const auto span_set = Member(trace, "spanSet")) {  // Tempo before 2.2
    AddSpanAttributes(*span_set, summary);
  }
  if (const auto stats = Member(trace, "serviceStats")) {
    JsonObject services;
    if (stats->get_object().get(services) == simdjson::SUCCESS) {
      summary.errors = 0;
      for (const auto service : services) {
        summary.errors += IntMember(service.value, "errorCount").value_or(0);
      }
    }
  }
  return summary;
}

// Plain names ("tagNames", v1) or names by scope ("scopes", v2), as TraceQL writes them.
std::vector<std::string> TagNames(JsonElement root) {
  std::vector<std::string> names;
  if (const auto scopes = ArrayMember(root, "scopes")) {
    for (const JsonElement scope : *scopes) {
      const std::string_view scope_name = TextMember(scope, "name");
      const auto tags = ArrayMember(scope, "tags");
      if (!tags.has_value()) continue;
      for (const JsonElement tag : *tags) {
        std::string_view name;
        if (tag.get_string().get(name) != simdjson::SUCCESS) continue;
        names.push_back(scope_name == "intrinsic" || scope_name.empty()
                            ? std::string(name)
                            : Concat(scope_name, '.', name));
      }
    }
  } else if (const auto tags = ArrayMember(root, "tagNames")) {
    for (const JsonElement tag : *tags) {
      std::string_view name;
      if (tag.get_string().get(name) == simdjson::SUCCESS) names.emplace_back(name);
    }
  }
  return names;
}

std::vector<std::string> Values(JsonElement root) {
  std::vector<std::string> values;
  const auto list = ArrayMember(root, "tagValues");
  if (!list.has_value()) return values;
  for (const JsonElement item : *list) {
    std::string_view text;
    if (item.get_string().get(text) != simdjson::SUCCESS) text = TextMember(item, "value");
    if (!text.empty()) values.emplace_back(text);
  }
  return values;
}

std::string_view WithoutScope(std::string_view tag) {
  for (const std::string_view scope :
       {"resource.", "span.", "event.", "link.", "instrumentation.", "."}) {
    if (StartsWith(tag, scope)) return tag.substr(scope.size());
  }
  return tag;
}

// A gateway on the way may decode the path and walk up it.
bool HasDotSegment(std::string_view tag) {
  while (true) {
    const size_t end = tag.find_first_of("/\\");
    const std::string_view segment = tag.substr(0, end);
    if (segment == "." || segment == "..") return true;
    if (end == tag.npos) return false;
    tag.remove_prefix(end + 1);
  }
}

// Whole seconds, and the end must be after the start.
void AddRange(int64_t start_ns, int64_t end_ns, Params& params) {
  if (start_ns <= 0 || end_ns <= start_ns) return;
  const int64_t start = start_ns / kNsPerSecond;
  params.emplace_back("start", Concat(start));
  params.emplace_back("end",
                      Concat(std::max((end_ns + kNsPerSecond - 1) / kNsPerSecond, start + 1)));
}

}  // namespace

absl::StatusOr<std::vector<TraceSummary>> Tempo::Search(const TraceSearch& search,
                                                        const RequestContext& request) {
  constexpr std::string_view kWhat = "Searching traces";
  const CallContext context(request);
  Call call;
  call.path = "/api/search";
  call.params = {{"q", search.query}, {"limit", Concat(std::max(search.limit, 1))}};
  AddRange(search.start_ns, search.end_ns, call.params);
  absl::StatusOr<http::Response> response = upstream_.FetchOk(kWhat, std::move(call), context);
  if (!response.ok()) return response.status();
  const auto body = JsonBody::Parse(std::move(response->body));
  if (!body.has_value() || !body->root().is_object()) {
    return upstream_.Unreadable(kWhat, "a search result in JSON");
  }
  std::vector<TraceSummary> found;
  if (const auto traces = ArrayMember(body->root(), "traces")) {
    for (const JsonElement trace : *traces) {
      TraceSummary summary = SummaryOf(trace);
      if (!summary.id.empty()) found.push_back(std::move(summary));
    }
  }
  return found;
}

absl::StatusOr<std::vector<std::string>> Tempo::Tags(const RequestContext& request) {
  constexpr std::string_view kWhat = "Listing tags";
  const CallContext context(request);
  Call call;
  call.path = "/api/v2/search/tags";
  AddRange(request.list_start_ns, request.list_end_ns, call.params);
  absl::StatusOr<http::Response> response = upstream_.Fetch(call, context);
  if (response.ok() && response->status == 404) {
    call.path = "/api/search/tags";
    response = upstream_.Fetch(call, context);
  }
  if (!response.ok()) return response.status();
  if (absl::Status status = upstream_.CheckAnswer(kWhat, *response); !status.ok()) return status;
  const auto body = JsonBody::Parse(std::move(response->body));
  if (!body.has_value()) return upstream_.Unreadable(kWhat, "a tag list in JSON");
  return TagNames(body->root());
}

absl::StatusOr<std::vector<std::string>> Tempo::TagValuesWhere(const std::string& tag,
                                                               const std::string& filter,
                                                               const CallContext& context) {
  const std::string what = Concat("Listing values of ", tag);
  if (tag.empty() || HasDotSegment(tag)) {
    return absl::InvalidArgumentError(Concat("\"", tag, "\" is no tag name."));
  }
  Call call;
  call.path = Concat("/api/v2/search/tag/", http::UrlEncode(tag), "/values");
  AddRange(context.request().list_start_ns, context.request().list_end_ns, call.params);
  if (!filter.empty()) call.params.emplace_back("q", filter);
  absl::StatusOr<http::Response> response = upstream_.Fetch(call, context);
  if (response.ok() && response->status == 404) {
    call.path = Concat("/api/search/tag/", http::UrlEncode(WithoutScope(tag)), "/values");
    call.params.clear();
    AddRange(context.request().list_start_ns, context.request().list_end_ns, call.params);
    response = upstream_.Fetch(call, context);
  }
  if (!response.ok()) return response.status();
  if (absl::Status status = upstream_.CheckAnswer(what, *response); !status.ok()) return status;
  const auto body = JsonBody::Parse(std::move(response->body));
  if (!body.has_value()) return upstream_.Unreadable(what, "a value list in JSON");
  return Values(body->root());
}

absl::StatusOr<std::vector<std::string>> Tempo::TagValues(const std::string& tag,
                                                          const RequestContext& request) {
  return TagValuesWhere(tag, "", CallContext(request));
}

absl::StatusOr<std::vector<std::string>> Tempo::Services(const RequestContext& request) {
  return TagValuesWhere("resource.service.name", "", CallContext(request));
}

absl::StatusOr<std::vector<std::string>> Tempo::Operations(const std::string& service,
                                                           const RequestContext& request) {
  std::string filter;
  if (!service.empty()) filter = Concat("{resource.service.name=", Quoted(service), "}");
  return TagValuesWhere("name", filter, CallContext(request));
}

}  // namespace spanlog::stores
