#include "stores/loki/pager.h"

#include <algorithm>

#include "base/compute_turn.h"
#include "base/errors.h"
#include "base/text.h"
#include "settings/settings.h"
#include "stores/loki/record_set.h"
#include "stores/streamed_body.h"

namespace spanlog::stores {
namespace {

constexpr std::string_view kWhat = "Fetching log records";
constexpr size_t kLongQuery = 2000;  // URLs over 8 KiB are refused by many proxies

// Loki reads 11 digits and more as nanoseconds; times before 2001 have fewer than 19 and are no
// times of log records.
int64_t SendableTime(int64_t ns) { return std::max<int64_t>(ns, 1'000'000'000'000'000'000); }

}  // namespace

int EntriesLimitIn(std::string_view error_text) {
  constexpr std::string_view kMark = "max_entries_limit_per_query (";
  const size_t mark = error_text.find(kMark);
  if (mark == error_text.npos) return 0;
  const std::string_view numbers = error_text.substr(mark + kMark.size());
  const size_t greater = numbers.find("> ");
  const size_t end = numbers.find(')');
  int64_t limit = 0;
  if (greater == numbers.npos || end == numbers.npos || end < greater) return 0;
  if (!ParseInt64(numbers.substr(greater + 2, end - greater - 2), limit)) return 0;
  return limit > 0 && limit < 1'000'000 ? static_cast<int>(limit) : 0;
}

int64_t RangeLimitIn(std::string_view error_text) {
  const size_t said = error_text.find("query time range exceeds the limit");
  constexpr std::string_view kMark = "limit: ";
  const size_t mark = said == error_text.npos ? said : error_text.rfind(kMark);
  if (mark == error_text.npos || mark < said) return 0;
  const std::string_view text = error_text.substr(mark + kMark.size());
  return settings::ParseDuration(text.substr(0, text.find(')'))).value_or(0);
}

int Pager::PageLimit(size_t seen_at_border) const {
  const size_t have = answers_.size();
  const size_t left = have < max_records_ ? max_records_ - have : 0;
  // One more than is wanted tells whether there are more.
  return static_cast<int>(
      std::min<size_t>(static_cast<size_t>(entries_limit_.load(std::memory_order_relaxed)),
                       left + seen_at_border + 1));
}

std::unique_ptr<http::Pending> Pager::StartPage(const std::string& query, Window window,
                                                int limit) {
  Call call;
  call.path = "/loki/api/v1/query_range";
  call.form = query.size() > kLongQuery;
  call.params = {{"query", query},
                 {"start", Concat(SendableTime(window.start_ns))},
                 {"end", Concat(SendableTime(window.end_ns))},
                 {"limit", Concat(limit)},
                 {"direction", "forward"}};
  call.headers = {{"X-Loki-Response-Encoding-Flags", "categorize-labels"},
                  {"Accept", "application/json"}};
  call.piecewise = "application/json";
  return upstream_.Start(std::move(call), context_);
}

RunningQuery Pager::Start(std::string query, Window window) {
  if (longest_range_ns_ > 0) {
    window.start_ns = std::max(window.start_ns, window.end_ns - longest_range_ns_);
  }
  RunningQuery running;
  running.limit = PageLimit(0);
  running.pending = StartPage(query, window, running.limit);
  running.query = std::move(query);
  running.window = window;
  return running;
}

absl::Status Pager::Finish(RunningQuery running) {
  std::vector<LogRecord>& records = batch().records;
  const size_t first = records.size();
  RecordSet border;  // of this query, at the time where its next page starts
  absl::Status status;
  bool learnt = false;
  while (true) {
    const size_t page = records.size();
    http::Response refusal;
    const absl::StatusOr<size_t> count = ReadPage(*running.pending, refusal);
    const int allowed = refusal.status == 400 ? EntriesLimitIn(refusal.body) : 0;
    if (allowed > 0 && allowed < running.limit && !learnt) {
      learnt = true;
      entries_limit_.store(allowed, std::memory_order_relaxed);
      running.limit = allowed;
      running.pending = StartPage(running.query, running.window, allowed);
      continue;
    }
    const int64_t longest = refusal.status == 400 ? RangeLimitIn(refusal.body) : 0;
    if (longest > 0 && longest < running.window.end_ns - running.window.start_ns) {
      if (longest_range_ns_ == 0) {
        batch().warnings.push_back(Concat("Loki answers for ", longest / 3'600'000'000'000,
                                          " hours at most (max_query_length); only the end of the "
                                          "time range was searched. Narrow it."));
      }
      longest_range_ns_ = longest;
      running.window.start_ns = running.window.end_ns - longest;
      running.pending = StartPage(running.query, running.window, running.limit);
      continue;
    }
    if (!count.ok()) {
      status = count.status();
      break;
    }
    if (*count < static_cast<size_t>(running.limit)) {
      border.RemoveFrom(records, page);
      Layout(page);
      break;
    }
    const int64_t last = records.back().time_ns;
    border.RemoveFrom(records, page);
    if (records.size() > max_records_) {
      Layout(page);
      break;
    }
    if (records.size() == page) {
      // A whole page at one nanosecond: time cannot get past it, and larger pages are not allowed.
      batch().warnings.push_back(
          Concat("More than ", *count, " log records have the same time (", last,
                 " ns). Loki cannot page between them, so some of them are missing here. A higher "
                 "max_entries_limit_per_query in Loki shows more."));
      running.window.start_ns = last + 1;
      border = RecordSet();
    } else {
      running.window.start_ns = last;
      border = RecordSet();
      size_t at_border = records.size();
      while (at_border > first && records[at_border - 1].time_ns == last) --at_border;
      border.Add(records, at_border, records.size());
      running.limit = PageLimit(records.size() - at_border);
    }
    if (running.window.start_ns >= running.window.end_ns) {
      Layout(page);
      break;
    }
    running.pending = StartPage(running.query, running.window, running.limit);
    Layout(page);  // while the next page is under way
  }
  if (first != 0 && records.size() > first) {
    RecordSet known;  // of the queries before this one
    known.Add(records, 0, first);
    known.RemoveFrom(records, first);
  }
  if (records.size() > max_records_) {
    records.resize(max_records_);
    batch().limit_reached = true;
  }
  return status;
}

absl::StatusOr<size_t> Pager::ReadPage(http::Pending& pending, http::Response& refusal) {
  StreamedBody body(pending, context_);
  if (body.InPieces()) return answers_.Add(body);
  absl::StatusOr<http::Response> response = body.Wait();
  if (!response.ok()) return response.status();
  if (absl::Status status = upstream_.CheckAnswer(kWhat, *response); !status.ok()) {
    refusal = *std::move(response);
    return status;
  }
  const ComputeTurn turn(ComputeStep::kRead, context_.cancellation());
  if (context_.cancelled()) return RequestCancelled();
  return answers_.Add(std::move(response->body));
}

void Pager::Layout(size_t first) {
  const ComputeTurn turn(ComputeStep::kRead, context_.cancellation());
  if (context_.cancelled()) return;  // nobody sees these records
  std::vector<LogRecord>& records = batch().records;
  for (size_t i = first; i < records.size(); ++i) layout_.Read(batch().streams, records[i]);
}

}  // namespace spanlog::stores
