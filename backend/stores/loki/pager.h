// Runs log queries and pages through their answers.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "stores/layout/record_layout.h"
#include "stores/loki/response_reader.h"
#include "stores/upstream.h"

namespace spanlog::stores {

// Half-open, as Loki's own: a record at `end_ns` is not in it.
struct Window {
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  bool operator==(const Window&) const = default;
};

// A query whose first page is under way.
struct RunningQuery {
  std::string query;
  Window window;
  int limit = 0;
  std::unique_ptr<http::Pending> pending;
};

// Collects what several queries find, each record once. Not thread-safe.
class Pager {
 public:
  Pager(const Upstream& upstream, const CallContext& context, std::atomic<int>& entries_limit,
        RecordLayout& layout, int max_records)
      : upstream_(upstream),
        context_(context),
        entries_limit_(entries_limit),
        layout_(layout),
        max_records_(static_cast<size_t>(max_records)) {}

  RunningQuery Start(std::string query, Window window);

  // Waits for the query and for the pages behind it. Records of the pages before a failure stay.
  absl::Status Finish(RunningQuery running);

  LogBatch& batch() { return answers_.batch(); }

 private:
  std::unique_ptr<http::Pending> StartPage(const std::string& query, Window window, int limit);
  int PageLimit(size_t seen_at_border) const;
  // Adds the records of the page's answer while it comes in, and gives their number. An answer that
  // the server refused goes to `refusal`, for its words.
  absl::StatusOr<size_t> ReadPage(http::Pending& pending, http::Response& refusal);
  void Layout(size_t first);

  const Upstream& upstream_;
  const CallContext& context_;
  std::atomic<int>& entries_limit_;
  RecordLayout& layout_;
  const size_t max_records_;
  int64_t longest_range_ns_ = 0;  // Loki's max_query_length, 0 until an answer says it
  LokiAnswers answers_;
};

// The number N of "… limit > max_entries_limit_per_query (6000 > N)", 0 when the text says no such
// thing.
int EntriesLimitIn(std::string_view error_text);

// The longest time range in ns of "the query time range exceeds the limit (query length: …, limit:
// 30d1h)", 0 when the text says no such thing.
int64_t RangeLimitIn(std::string_view error_text);

}  // namespace spanlog::stores
