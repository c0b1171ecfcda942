#include "settings/query.h"

#include "base/text.h"
#include "nlohmann/json.hpp"
#include "settings/object_reader.h"
#include "settings/tempo_filters.h"

namespace spanlog::settings {
namespace {

using nlohmann::json;

constexpr std::string_view kWanted =
    "give a trace ID (1 to 32 hex digits) or TraceQL such as { status = error }";

// Both stores' own words for "by id": Tempo's legacy traceId and Zipkin's traceID.
enum class QueryType { kAny, kTraceId, kConversation };

void SetTraceId(ObjectReader& reader, const std::string& text, const TraceId& id, Query& query) {
  if (id.empty()) return reader.Fail("query", "is a trace ID of zeros only, which names no trace");
  query.kind = QueryKind::kTrace;
  query.trace_id = id;
  query.trace_text = text;
}

void SetQueryText(ObjectReader& reader, const std::string& text, QueryType type, Query& query) {
  if (text.empty()) return reader.Fail("query", Concat("is empty: ", kWanted));
  if (StartsWith(text, "$") || StartsWith(text, "[[")) {
    return reader.Fail("query", Concat("is the variable ", ObjectReader::Quotable(text),
                                       ", which has no value here"));
  }
  if (type == QueryType::kConversation) {
    query.kind = QueryKind::kConversation;
    query.text = text;
    return;
  }
  if (const std::optional<TraceId> id = ParseTraceId(text)) {
    return SetTraceId(reader, text, *id, query);
  }
  // TraceQL has a { somewhere; what Jaeger and Zipkin can search for is words like service=x.
  if (type == QueryType::kTraceId || text.find_first_of("{=") == text.npos) {
    return reader.Fail("query", Concat("is \"", ObjectReader::Quotable(text),
                                       "\", which is neither a trace ID nor TraceQL: ", kWanted));
  }
  query.kind = QueryKind::kSearch;
  query.text = text;
}

void SetViews(ObjectReader& reader, Query& query) {
  std::vector<std::string> views;
  reader.Texts("views", views);
  for (const std::string& view : views) {
    if (view == "logs") {
      query.view_logs = true;
    } else if (view == "nodeGraph") {
      query.view_node_graph = true;
    } else if (view == "table") {
      query.view_table = true;
    } else if (view != "trace") {
      reader.Fail("views", Concat("has \"", ObjectReader::Quotable(view),
                                  "\"; it may hold: trace, logs, nodeGraph, table"));
    }
  }
}

template <typename Enum>
void ReadOptional(ObjectReader& reader, std::string_view key,
                  std::initializer_list<std::pair<std::string_view, Enum>> words,
                  std::optional<Enum>& out) {
  std::string text;
  reader.Text(key, text);
  if (text.empty()) return;
  Enum value{};
  reader.OneOf<Enum>(key, words, value);
  out = value;
}

}  // namespace

absl::StatusOr<Query> ParseQuery(std::string_view json_text, std::string_view wire_query_type) {
  const json object = json::parse(json_text, nullptr, false);
  if (!object.is_object()) {
    return absl::InvalidArgumentError(TrimSpace(json_text).empty()
                                          ? "the query is empty: no JSON came with it"
                                          : "the query is no valid JSON object");
  }
  ReadState state;
  ObjectReader reader(&object, "", &state);
  Query query;

  std::string type_text(wire_query_type);
  reader.Text("queryType", type_text);
  type_text = std::string(TrimSpace(type_text));
  QueryType type = QueryType::kAny;
  const bool is_filters = type_text == "traceqlSearch";  // Tempo's search builder
  if (type_text == "traceId" || type_text == "traceID") {
    type = QueryType::kTraceId;
  } else if (type_text == "conversation") {
    type = QueryType::kConversation;
  } else if (!type_text.empty() && type_text != "traceql" && !is_filters) {
    reader.Fail("queryType",
                Concat("is \"", ObjectReader::Quotable(type_text),
                       "\"; it may be absent or one of: traceql, traceId, conversation"));
  }

  std::string text;
  reader.Text("query", text);
  // A link from a search copies it and puts a trace ID into `query`.
  if (is_filters && !ParseTraceId(TrimSpace(text)).has_value()) {
    text = TraceQlOfFilters(object.value("filters", json::array()));
  }
  SetQueryText(reader, std::string(TrimSpace(text)), type, query);
  reader.OneOf<LogRows>(
      "logs", {{"all", LogRows::kAll}, {"messages", LogRows::kMessages}, {"none", LogRows::kNone}},
      query.logs);
  ReadOptional<History>(reader, "history", {{"full", History::kFull}, {"delta", History::kDelta}},
                        query.history);
  ReadOptional<Lanes>(reader, "lanes", {{"role", Lanes::kRole}, {"service", Lanes::kService}},
                      query.lanes);
  reader.OneOf<Level>("minLevel",
                      {{"trace", Level::kTrace},
                       {"debug", Level::kDebug},
                       {"info", Level::kInfo},
                       {"warn", Level::kWarn},
                       {"warning", Level::kWarn},
                       {"error", Level::kError},
                       {"fatal", Level::kFatal}},
                      query.min_level);
  reader.Text("logsQuery", query.logs_query);
  query.logs_query = std::string(TrimSpace(query.logs_query));
  reader.Int("limit", 0, 1'000'000, query.limit);
  SetViews(reader, query);
  if (!state.error.ok()) return state.error;
  return query;
}

}  // namespace spanlog::settings
