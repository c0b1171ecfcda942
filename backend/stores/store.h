// What the rest of Spanlog asks of a trace store and a log store. One file per
// store implements it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/cancellation.h"
#include "http/client.h"
#include "model/log_record.h"
#include "model/trace.h"

namespace spanlog::stores {

// Facts about one request of Grafana that every upstream request of it shares.
struct RequestContext {
  CancellationPtr cancellation = std::make_shared<Cancellation>();
  // The reader's own headers, as far as the settings of each store allow; a store sends
  // forwarded_headers. Each store has its own, so that one's token never reaches the other.
  http::Headers forwarded_headers;
  http::Headers forwarded_log_headers;
  int64_t deadline_ms = 0;  // time left, 0: the client's own timeout
  // The reader's time range, for lists of names and values; 0: the store's own default.
  int64_t list_start_ns = 0;
  int64_t list_end_ns = 0;

  // The same request as the log store may see it.
  RequestContext ForLogs() const {
    RequestContext logs = *this;
    logs.forwarded_headers = forwarded_log_headers;
    return logs;
  }
};

// A span of a search hit that tells of an agent's work.
struct SummarySpan {
  uint64_t id = 0;
  uint64_t parent = 0;  // the nearest span above it in TraceSummary::spans; 0: none or not known
  std::string name;
  bool error = false;
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  std::vector<std::pair<std::string, std::string>> attributes;
};

// Search hit: one trace.
struct TraceSummary {
  TraceId id;
  std::string root_service;
  std::string root_name;
  int64_t start_ns = 0;
  int64_t duration_ms = 0;
  // Attributes of matched spans that the search selected, first value per key.
  std::vector<std::pair<std::string, std::string>> attributes;
  int64_t errors = -1;             // spans in error; -1: the search does not say
  std::vector<SummarySpan> spans;  // of an agent's work; see TraceStore::AddAgentSpans
  bool spans_cut = false;          // there are more of them
};

struct TraceSearch {
  std::string query;  // TraceQL for Tempo; "service=x operation=y key=value" words for the others
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  int limit = 20;
};

class TraceStore {
 public:
  virtual ~TraceStore() = default;
  virtual std::string_view name() const = 0;  // "Tempo", "Jaeger", "Zipkin"

  // NotFound when the store knows no such trace. The spans' ids are unique, their times sane.
  virtual absl::StatusOr<Trace> FetchTrace(const TraceId& id, const RequestContext& context) = 0;

  virtual absl::StatusOr<std::vector<TraceSummary>> Search(const TraceSearch& search,
                                                           const RequestContext& context) = 0;

  // Fills TraceSummary::spans of hits that Search found, for stores whose search answers with less
  // than whole traces. `with_content`: with what was said, too. Asks for the newest
  // `kMostAgentRuns` only.
  virtual absl::Status AddAgentSpans(const TraceSearch&, bool /*with_content*/,
                                     std::vector<TraceSummary>&, const RequestContext&) {
    return absl::OkStatus();
  }
  static constexpr size_t kMostAgentRuns = 100;

  // Completion lists for the query editor.
  virtual absl::StatusOr<std::vector<std::string>> Tags(const RequestContext& context) = 0;
  virtual absl::StatusOr<std::vector<std::string>> TagValues(const std::string& tag,
                                                             const RequestContext& context) = 0;
  virtual absl::StatusOr<std::vector<std::string>> Services(const RequestContext& context) = 0;
  virtual absl::StatusOr<std::vector<std::string>> Operations(const std::string& service,
                                                              const RequestContext& context) = 0;

  virtual absl::Status CheckHealth(const RequestContext& context) = 0;
};

// Which records to look for. The ladder of rungs is in stores/loki/ladder.h.
struct LogSearch {
  TraceId trace_id;
  std::vector<std::string> services;  // of the trace, without duplicates
  int64_t start_ns = 0;               // of the trace; the settings' shifts are added by the store
  int64_t end_ns = 0;
  // Attributes of the trace's spans for ${__span.tags["x"]}, `logs.tags` and session keys
  // (session.id, gen_ai.conversation.id, …): key and value, first of each pair.
  std::vector<std::pair<std::string, std::string>> attributes;
  // The spans tell of model calls: evaluations of their answers may come up to an hour later.
  bool has_model_calls = false;
  std::string query;  // overrides the configured query; empty: configured one or the ladder
  int max_records = 5000;
};

class LogStore {
 public:
  virtual ~LogStore() = default;
  virtual absl::StatusOr<LogBatch> FetchLogs(const LogSearch& search,
                                             const RequestContext& context) = 0;
  virtual absl::StatusOr<std::vector<std::string>> Labels(const RequestContext& context) = 0;
  virtual absl::StatusOr<std::vector<std::string>> LabelValues(const std::string& label,
                                                               const RequestContext& context) = 0;
  virtual absl::Status CheckHealth(const RequestContext& context) = 0;
};

}  // namespace spanlog::stores
