// The query JSON as a plain struct, checked once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/ids.h"
#include "model/log_record.h"
#include "settings/settings.h"

namespace spanlog::settings {

enum class QueryKind {
  kTrace,         // `query` is a trace id
  kSearch,        // `query` is TraceQL
  kConversation,  // `query` is a conversation or session id (queryType "conversation")
};
enum class LogRows { kAll, kMessages, kNone };

struct Query {
  QueryKind kind = QueryKind::kTrace;
  TraceId trace_id;        // kTrace
  std::string trace_text;  // the id as it was written
  std::string text;        // kSearch, kConversation
  LogRows logs = LogRows::kAll;
  std::optional<History> history;  // unset: the datasource's
  std::optional<Lanes> lanes;
  Level min_level = Level::kUnknown;  // records below it are left out and counted
  std::string logs_query;
  int limit = 0;  // 0: default
  bool view_logs = false;
  bool view_node_graph = false;
  bool view_table = false;
  int64_t from_ms = 0;  // Grafana's time range
  int64_t to_ms = 0;
};

// InvalidArgument with what is wrong and what is accepted: bad JSON, unknown queryType, an id with
// other characters, … An empty `query` is InvalidArgument too.
absl::StatusOr<Query> ParseQuery(std::string_view json, std::string_view wire_query_type);

}  // namespace spanlog::settings
