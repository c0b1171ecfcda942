#include "bench/stores_server.h"

#include "base/text.h"

namespace spanlog::bench {
namespace {

// Loki's default for max_entries_limit_per_query.
constexpr int64_t kEntriesLimit = 5000;

Body Text(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

}  // namespace

StoresServer::StoresServer(const Load& load, settings::TraceStoreKind store)
    : store_(store),
      workload_(load),
      trace_body_(workload_.TraceBody(store)),
      all_logs_(workload_.AllLogs()),
      traces_([this](std::string_view target) { return Trace(target); }),
      logs_([this](std::string_view target) { return Logs(target); }) {}

Served StoresServer::Trace(std::string_view target) {
  const std::string_view type =
      store_ == settings::TraceStoreKind::kTempo ? "application/protobuf" : "application/json";
  if (target == "/whole" || Contains(target, workload_.trace_id().Hex()))
    return {200, type, trace_body_};
  return {404, "text/plain", nullptr};  // Zipkin is asked for the short id, too
}

Served StoresServer::Logs(std::string_view target) {
  if (target == "/whole") return {200, "application/json", all_logs_};
  if (!StartsWith(target, "/loki/api/v1/query_range?")) {
    return {404, "text/plain", Text("404 page not found\n")};
  }
  int64_t start = 0, end = 0, limit = 0;
  ParseInt64(Parameter(target, "start"), start);
  ParseInt64(Parameter(target, "end"), end);
  ParseInt64(Parameter(target, "limit"), limit);
  if (limit > kEntriesLimit) {
    return {
        400, "text/plain",
        Text(Concat("max entries limit per query exceeded, limit > max_entries_limit_per_query (",
                    limit, " > ", kEntriesLimit, ")"))};
  }
  // The records name the trace in their structured metadata and nowhere else.
  const bool by_metadata = Contains(Parameter(target, "query"), "| trace_id=");
  return {200, "application/json",
          workload_.LogPage(start, by_metadata ? end : start, static_cast<size_t>(limit))};
}

}  // namespace spanlog::bench
