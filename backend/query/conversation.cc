#include "query/conversation.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/errors.h"
#include "base/text.h"
#include "genai/reader.h"
#include "genai/rebuild.h"
#include "query/conversation_search.h"
#include "query/reader_policy.h"
#include "query/run_merger.h"
#include "query/time_left.h"
#include "query/weave_options.h"
#include "weave/row_ids.h"
#include "weave/weave.h"

namespace spanlog::query {
namespace {

constexpr size_t kMaxRuns = 50;

class Conversation {
 public:
  Conversation(const Datasource& datasource, const settings::Query& query, const Reader& reader,
               const stores::RequestContext& context)
      : datasource_(datasource),
        query_(query),
        reader_(reader),
        time_left_(context),
        merger_(query.text) {}

  absl::StatusOr<weave::Woven> Run() {
    const absl::Status log_failure = FetchRecords();
    if (absl::IsCancelled(log_failure)) return log_failure;
    const absl::Status failure = AddTraces();
    if (absl::IsCancelled(failure)) return failure;
    AddRecordsWithoutTrace();
    for (const absl::Status& status : {failure, log_failure}) {
      if (!status.ok()) merger_.AddNotice(Words(status));
    }
    weave::Woven woven = merger_.Take();
    if (!woven.rows.empty()) return woven;
    if (!failure.ok()) return failure;
    if (!log_failure.ok()) return log_failure;
    return DownstreamError(
        absl::StatusCode::kNotFound,
        Concat("Conversation not found: neither store has spans or records with the id ",
               query_.text, " in this time range. Widen the range."));
  }

 private:
  // A failure as this reader may read it.
  std::string Words(const absl::Status& status) const {
    return std::string(VisibleError(datasource_, reader_, status).message());
  }

  absl::Status FetchRecords() {
    logs_ = std::make_shared<LogBatch>();
    if (datasource_.logs() == nullptr || query_.logs == settings::LogRows::kNone) {
      return absl::OkStatus();
    }
    stores::LogSearch search;
    search.start_ns = query_.from_ms * 1'000'000;
    search.end_ns = query_.to_ms * 1'000'000;
    search.max_records = datasource_.settings().logs.max_records;
    for (const std::string_view key : ConversationKeys()) {
      search.attributes.emplace_back(key, query_.text);
    }
    auto batch = datasource_.logs()->FetchLogs(search, time_left_.Context().ForLogs());
    if (!batch.ok()) return batch.status();
    *logs_ = *std::move(batch);
    if (logs_->limit_reached) {
      merger_.AddNotice(
          Concat("The conversation has more than ", logs_->records.size(),
                 " records; later ones may be missing. Narrow the time range or raise "
                 "maxRecords."));
    }
    return absl::OkStatus();
  }

  absl::Status AddTraces() {
    if (datasource_.traces() == nullptr) return absl::OkStatus();
    const stores::RequestContext context = time_left_.Context();
    ConversationTraces found =
        FindConversationTraces(datasource_, query_, *logs_, kMaxRuns, context);
    if (absl::IsCancelled(found.failure)) return found.failure;
    for (std::string& notice : found.notices) merger_.AddNotice(std::move(notice));
    const auto limit = static_cast<size_t>(datasource_.settings().limits.spans);
    size_t rows = 0;
    size_t shown = 0;
    for (const ConversationTraces::Run& found_run : found.runs) {
      if (rows >= limit) {
        merger_.AddNotice(Concat("Only the first ", shown, " of ", found.runs.size(),
                                 " runs are shown: the limit is reached. Raise limits.spans in the "
                                 "datasource's settings, or narrow the time range."));
        break;
      }
      settings::Query one = query_;
      one.kind = settings::QueryKind::kTrace;
      one.trace_id = found_run.id;
      one.limit = 0;
      auto run = WeaveTrace(datasource_, one, reader_, time_left_.Context());
      if (absl::IsCancelled(run.status())) return run.status();
      if (run.ok()) {
        rows += run->rows.size();
        ++shown;
        merger_.Add(*std::move(run));
        continue;
      }
      merger_.AddNotice(Concat("A run is missing: ", Words(run.status())));
      missing_.push_back(found_run.id);
    }
    return found.failure;
  }

  // Agent CLIs often log without trace ids; such records are a run of their own. So are those of a
  // trace that could not be had.
  void AddRecordsWithoutTrace() {
    // Before the ids: the runs' rows have those of redacted records.
    Trace none;
    RedactFetched(datasource_, reader_, none, *logs_);
    weave::RowIds ids(*scratch_);
    std::erase_if(logs_->records, [&](const LogRecord& record) {
      const std::string_view row = ids.ForRecord(record, logs_->streams[record.stream]);
      return merger_.Shows(row) || (!record.trace_id.empty() && !IsMissing(record.trace_id));
    });
    if (logs_->records.empty()) return;
    auto trace = std::make_shared<Trace>(genai::RebuildTrace(*logs_, TraceId()));
    auto reading = std::make_shared<Reading>(genai::Read(*trace, *logs_));
    weave::Woven run = weave::Weave({TraceId(), trace, logs_, reading},
                                    MakeWeaveOptions(datasource_.settings(), query_));
    ApplyPolicy(datasource_, reader_, run);
    merger_.Add(std::move(run));
  }

  bool IsMissing(const TraceId& id) const {
    if (datasource_.traces() == nullptr) return true;
    for (const TraceId& missing : missing_) {
      if (missing.low == id.low) return true;
    }
    return false;
  }

  const Datasource& datasource_;
  const settings::Query& query_;
  const Reader& reader_;
  const TimeLeft time_left_;
  RunMerger merger_;
  std::shared_ptr<LogBatch> logs_;
  std::vector<TraceId> missing_;
  std::shared_ptr<Arena> scratch_ = std::make_shared<Arena>();
};

}  // namespace

absl::StatusOr<weave::Woven> WeaveConversation(const Datasource& datasource,
                                               const settings::Query& query, const Reader& reader,
                                               const stores::RequestContext& context) {
  return Conversation(datasource, query, reader, context).Run();
}

}  // namespace spanlog::query
