#include "host/query_task.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

#include "base/metrics.h"
#include "base/text.h"
#include "host/log.h"

namespace spanlog::host {
namespace {

std::string_view KindName(settings::QueryKind kind) {
  switch (kind) {
    case settings::QueryKind::kTrace:
      return "trace";
    case settings::QueryKind::kSearch:
      return "search";
    case settings::QueryKind::kConversation:
      return "conversation";
  }
  return "trace";
}

absl::StatusOr<query::Answer> Answer(const Backend& backend, const pluginv2::DataQuery& query,
                                     const RequestFacts& facts, std::string_view& kind) {
  if (absl::Status status = CheckStillWanted(facts); !status.ok()) return status;
  absl::StatusOr<settings::Query> parsed = settings::ParseQuery(query.json(), query.querytype());
  if (!parsed.ok()) return parsed.status();
  kind = KindName(parsed->kind);
  constexpr int64_t kLatest = 9'000'000'000'000;  // beyond it the nanoseconds would overflow
  parsed->from_ms = std::clamp<int64_t>(query.timerange().fromepochms(), -kLatest, kLatest);
  parsed->to_ms = std::clamp<int64_t>(query.timerange().toepochms(), -kLatest, kLatest);
  return backend.Run(*parsed, query.refid(), facts.reader, ContextOf(facts, backend.settings()));
}

// The only place where an exception can end: no other query may suffer from one.
absl::StatusOr<query::Answer> AnswerWithoutThrowing(const Backend& backend,
                                                    const pluginv2::DataQuery& query,
                                                    const RequestFacts& facts,
                                                    std::string_view& kind) {
  try {
    return Answer(backend, query, facts, kind);
  } catch (const std::bad_alloc&) {
    return absl::InternalError("Spanlog ran out of memory for this query; ask for less.");
  } catch (const std::exception& e) {
    return absl::InternalError(
        Concat("Spanlog has a bug in this query: ", std::string_view(e.what())));
  } catch (...) {
    return absl::InternalError("Spanlog has a bug in this query.");
  }
}

}  // namespace

QueryResult Failed(const absl::Status& status, const pluginv2::DataQuery& query,
                   const RequestFacts& facts) {
  query::ErrorReply reply = query::ToErrorReply(status);
  AllMetrics().errors.With({reply.source}).Add();
  // Who cancels knows it; a fault of ours must be seen.
  const LogLevel level = absl::IsCancelled(status)  ? LogLevel::kDebug
                         : reply.source == "plugin" ? LogLevel::kError
                                                    : LogLevel::kWarn;
  Log(level, "query failed",
      {{"refId", std::string_view(query.refid())},
       {"status", static_cast<int64_t>(reply.status)},
       {"errorSource", std::string_view(reply.source)},
       {"error", std::string_view(reply.text)},
       {"traceId", std::string_view(facts.trace_id)}});
  QueryResult result;
  result.status = reply.status;
  result.error = std::move(reply.text);
  result.error_source = std::move(reply.source);
  return result;
}

QueryResult RunQuery(const Backend& backend, const pluginv2::DataQuery& query,
                     const RequestFacts& facts) {
  const auto begin = std::chrono::steady_clock::now();
  Metrics& metrics = AllMetrics();
  Gauge& in_flight = metrics.queries_in_flight.Only();
  in_flight.Add(1);
  std::string_view kind = "unreadable";
  absl::StatusOr<query::Answer> answer = AnswerWithoutThrowing(backend, query, facts, kind);
  in_flight.Add(-1);

  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  metrics.query_seconds.With({kind}).Observe(seconds);
  metrics.queries.With({kind, answer.ok() ? "ok" : "error"}).Add();
  if (!answer.ok()) return Failed(answer.status(), query, facts);
  QueryResult result;
  result.frames = std::move(answer->frames);
  uint64_t bytes = 0;
  for (const Rope& frame : result.frames) bytes += frame.size();
  metrics.answer_bytes.Only().Add(bytes);
  Log(LogLevel::kDebug, "query answered",
      {{"refId", std::string_view(query.refid())},
       {"kind", kind},
       {"seconds", seconds},
       {"bytes", static_cast<int64_t>(bytes)},
       {"traceId", std::string_view(facts.trace_id)}});
  return result;
}

}  // namespace spanlog::host
