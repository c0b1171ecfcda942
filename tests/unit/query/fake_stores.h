// Stores that answer what a test tells them and remember what they were asked.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "query/datasource.h"
#include "settings/query.h"
#include "stores/store.h"

namespace spanlog::query {

class FakeTraces : public stores::TraceStore {
 public:
  std::string_view name() const override { return "Tempo"; }
  absl::StatusOr<Trace> FetchTrace(const TraceId& id, const stores::RequestContext&) override {
    std::this_thread::sleep_for(delay);
    return fetch(id);
  }
  absl::StatusOr<std::vector<stores::TraceSummary>> Search(const stores::TraceSearch& search,
                                                           const stores::RequestContext&) override {
    last_search = search;
    searches.push_back(search.query);
    std::this_thread::sleep_for(delay);
    return found;
  }
  absl::Status AddAgentSpans(const stores::TraceSearch&, bool, std::vector<stores::TraceSummary>&,
                             const stores::RequestContext& context) override {
    agents_deadline_ms = context.deadline_ms;
    return agents;
  }
  absl::StatusOr<std::vector<std::string>> Tags(const stores::RequestContext&) override {
    return std::vector<std::string>();
  }
  absl::StatusOr<std::vector<std::string>> TagValues(const std::string&,
                                                     const stores::RequestContext&) override {
    return std::vector<std::string>();
  }
  absl::StatusOr<std::vector<std::string>> Services(const stores::RequestContext&) override {
    return std::vector<std::string>();
  }
  absl::StatusOr<std::vector<std::string>> Operations(const std::string&,
                                                      const stores::RequestContext&) override {
    return std::vector<std::string>();
  }
  absl::Status CheckHealth(const stores::RequestContext&) override { return absl::OkStatus(); }

  std::function<absl::StatusOr<Trace>(const TraceId&)> fetch = [](const TraceId&) {
    return absl::NotFoundError("Trace not found");
  };
  std::vector<stores::TraceSummary> found;
  stores::TraceSearch last_search;
  std::vector<std::string> searches;
  absl::Status agents;
  int64_t agents_deadline_ms = 0;      // of the last request for agents' spans
  std::chrono::milliseconds delay{0};  // before traces and search results
};

class FakeLogs : public stores::LogStore {
 public:
  absl::StatusOr<LogBatch> FetchLogs(const stores::LogSearch& search,
                                     const stores::RequestContext& context) override {
    searches.push_back(search);
    headers = context.forwarded_headers;
    deadline_ms = context.deadline_ms;
    return fetch(search);
  }
  absl::StatusOr<std::vector<std::string>> Labels(const stores::RequestContext&) override {
    return std::vector<std::string>();
  }
  absl::StatusOr<std::vector<std::string>> LabelValues(const std::string&,
                                                       const stores::RequestContext&) override {
    return std::vector<std::string>();
  }
  absl::Status CheckHealth(const stores::RequestContext&) override { return absl::OkStatus(); }

  std::function<absl::StatusOr<LogBatch>(const stores::LogSearch&)> fetch =
      [](const stores::LogSearch&) { return LogBatch(); };
  std::vector<stores::LogSearch> searches;
  http::Headers headers;    // of the last request
  int64_t deadline_ms = 0;  // of the last request
};

inline constexpr int64_t kStart = 1'700'000'000'000'000'000;

inline Trace OneSpanTrace(const TraceId& id, std::string_view name = "root") {
  Trace trace;
  trace.id = id;
  trace.resources.push_back({"svc", {}});
  trace.scopes.push_back({});
  Span span;
  span.span_id = 1;
  span.name = name;
  span.start_ns = kStart;
  span.end_ns = kStart + 1'000'000'000;
  trace.spans.push_back(span);
  return trace;
}

inline LogRecord Record(std::string_view line, int64_t at_ns = kStart + 1'000'000) {
  LogRecord record;
  record.time_ns = at_ns;
  record.line = line;
  record.text = line;
  record.service = "svc";
  return record;
}

inline LogBatch Batch(std::vector<LogRecord> records) {
  LogBatch batch;
  batch.streams.push_back({});
  batch.records = std::move(records);
  return batch;
}

// A datasource over fakes; the fakes live in it.
struct World {
  explicit World(settings::Settings settings = {}, policy::Policy policy = {}) {
    auto own_traces = std::make_unique<FakeTraces>();
    auto own_logs = std::make_unique<FakeLogs>();
    traces = own_traces.get();
    logs = own_logs.get();
    datasource = std::make_shared<Datasource>(std::move(settings), std::move(policy),
                                              std::move(own_traces), std::move(own_logs));
    query.trace_id = *ParseTraceId("abc1");
    query.trace_text = "abc1";
  }
  std::shared_ptr<Datasource> datasource;
  FakeTraces* traces;
  FakeLogs* logs;
  settings::Query query;
  stores::RequestContext context;
};

}  // namespace spanlog::query
