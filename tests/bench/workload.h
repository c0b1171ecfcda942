// A synthetic agent run as the stores would answer it: a trace of model calls, tools and HTTP
// requests with about 12 attributes and an event a span, and log records with about 10 keys of
// structured metadata and lines of 200 to 2,000 bytes. The same numbers give the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/ids.h"
#include "model/trace.h"
#include "settings/settings.h"

namespace spanlog::bench {

using Body = std::shared_ptr<const std::string>;

struct Load {
  int spans = 0;
  int records = 0;
  int prompt_bytes = 0;  // 0: no messages on spans; else the length of one on each model call
};

class Workload {
 public:
  explicit Workload(const Load& load);

  const Load& load() const { return load_; }
  const TraceId& trace_id() const { return trace_.id; }
  int64_t start_ns() const;
  int64_t end_ns() const;

  // What /api/v2/traces (Tempo), /api/v3/traces (Jaeger) or /api/v2/trace (Zipkin) answers.
  Body TraceBody(settings::TraceStoreKind store) const;

  // Loki's answer to a query for the trace's records in [start, end), oldest first. Thread-safe.
  Body LogPage(int64_t start_ns, int64_t end_ns, size_t limit);
  Body AllLogs() { return LogPage(0, INT64_MAX, static_cast<size_t>(load_.records) + 1); }

 private:
  void MakeSpans();
  void MakeRecords();

  const Load load_;
  Trace trace_;
  struct Record {
    int64_t time_ns;
    size_t stream;
    std::string json;  // ["<ns>","<line>",{"structuredMetadata":{…}}]
  };
  std::vector<Record> records_;
  std::mutex mutex_;
  std::map<std::pair<size_t, size_t>, Body> pages_;  // guarded by mutex_
};

// The trace in each store's own form.
std::string ToOtlp(const Trace& trace);
std::string ToJaeger(const Trace& trace);
std::string ToZipkin(const Trace& trace);

// Text of about `size` bytes with the letters, quotes and line ends that prompts have.
std::string Prose(int number, size_t size);
// As a JSON string with quotes.
std::string Quoted(std::string_view text);

}  // namespace spanlog::bench
