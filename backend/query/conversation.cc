#include "query/conversation.h"

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "base/text.h"
#include "genai/reader.h"
#include "genai/rebuild.h"
#include "policy/apply.h"
#include "query/weave_options.h"
#include "weave/weave.h"

namespace spanlog::query {
namespace {

constexpr int kMaxRuns = 50;
// Where instrumentations write the id of a conversation (genai.md 1.h).
constexpr std::string_view kKeys[] = {"gen_ai.conversation.id", "session.id", "conversation.id",
                                      "langfuse.session.id", "gcp.vertex.agent.session_id",
                                      "ai.telemetry.metadata.sessionId"};

// A TraceQL string: the id is data, whatever is in it.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string SearchText(const settings::Settings& settings, const std::string& id) {
  std::string text;
  if (settings.trace_store != settings::TraceStoreKind::kTempo) {
    return Concat(kKeys[0], "=", Quoted(id));
  }
  for (const std::string_view key : kKeys) {
    Append(text, text.empty() ? "{ " : " || ", "span.", key, " = ", Quoted(id));
  }
  return text + " }";
}

class Conversation {
 public:
  Conversation(const Datasource& datasource, const settings::Query& query, const Reader& reader,
               const stores::RequestContext& context)
      : datasource_(datasource), query_(query), reader_(reader), context_(context) {
    woven_.trace_id = query.text;
  }

  absl::StatusOr<weave::Woven> Run() {
    absl::Status failure = AddTraces();
    if (absl::IsCancelled(failure)) return failure;
    const absl::Status log_failure = AddLogsWithoutTrace();
    if (absl::IsCancelled(log_failure)) return log_failure;
    if (woven_.rows.empty()) {
      if (!failure.ok()) return failure;
      if (!log_failure.ok()) return log_failure;
      return DownstreamError(
          absl::StatusCode::kNotFound,
          Concat("Conversation not found: neither store has spans or records with the id ",
                 query_.text, " in this time range. Widen the range."));
    }
    for (const absl::Status& status : {failure, log_failure}) {
      if (!status.ok()) {
        woven_.notices.push_back(
            {weave::NoticeSeverity::kWarning, std::string(status.message())});
      }
    }
    std::stable_sort(woven_.rows.begin(), woven_.rows.end(),
                     [](const weave::Row& a, const weave::Row& b) { return a.start_ns < b.start_ns; });
    ShowNotices();
    return std::move(woven_);
  }

 private:
  absl::Status AddTraces() {
    if (datasource_.traces() == nullptr) return absl::OkStatus();
    stores::TraceSearch search;
    search.query = SearchText(datasource_.settings(), query_.text);
    search.start_ns = query_.from_ms * 1'000'000;
    search.end_ns = query_.to_ms * 1'000'000;
    search.limit = query_.limit > 0 ? std::min(query_.limit, kMaxRuns) : kMaxRuns;
    auto found = datasource_.traces()->Search(search, context_);
    if (!found.ok()) return found.status();
    std::sort(found->begin(), found->end(),
              [](const auto& a, const auto& b) { return a.start_ns < b.start_ns; });
    for (const stores::TraceSummary& summary : *found) {
      settings::Query one = query_;
      one.kind = settings::QueryKind::kTrace;
      one.trace_id = summary.id;
      one.limit = 0;
      auto run = WeaveTrace(datasource_, one, reader_, context_);
      if (absl::IsCancelled(run.status())) return run.status();
      if (run.ok()) {
        AddRun(*std::move(run));
      } else {
        woven_.notices.push_back({weave::NoticeSeverity::kWarning,
                                  Concat("A run is missing: ", std::string(run.status().message()))});
      }
    }
    return absl::OkStatus();
  }

  // Agent CLIs often log without trace ids; such records are a run of their own.
  absl::Status AddLogsWithoutTrace() {
    if (datasource_.logs() == nullptr) return absl::OkStatus();
    stores::LogSearch search;
    search.start_ns = query_.from_ms * 1'000'000;
    search.end_ns = query_.to_ms * 1'000'000;
    search.max_records = datasource_.settings().logs.max_records;
    for (const std::string_view key : kKeys) search.attributes.emplace_back(key, query_.text);
    auto batch = datasource_.logs()->FetchLogs(search, context_);
    if (!batch.ok()) return batch.status();
    auto logs = std::make_shared<LogBatch>(*std::move(batch));
    const auto has_trace = [](const LogRecord& record) { return !record.trace_id.empty(); };
    logs->records.erase(
        std::remove_if(logs->records.begin(), logs->records.end(), has_trace),
        logs->records.end());
    if (logs->records.empty()) return absl::OkStatus();
    auto trace = std::make_shared<Trace>(genai::RebuildTrace(*logs, TraceId()));
    auto reading = std::make_shared<Reading>(genai::Read(*trace, *logs));
    weave::Woven run = weave::Weave({TraceId(), trace, logs, reading},
                                    MakeWeaveOptions(datasource_.settings(), query_));
    ApplyPolicy(datasource_, reader_, run);
    AddRun(std::move(run));
    return absl::OkStatus();
  }

  void AddRun(weave::Woven run) {
    if (run.rows.empty()) return;
    ++runs_;
    int64_t start = run.rows.front().start_ns;
    int64_t end = start;
    std::string_view name;
    const std::string_view run_id =
        woven_.arena->Copy(Concat("run-", runs_, "-", run.trace_id));
    for (weave::Row& row : run.rows) {
      end = std::max(end, row.start_ns + row.duration_ns);
      ++row.depth;
      if (!row.parent_span_id.empty()) continue;
      row.parent_span_id = run_id;
      if (name.empty()) name = row.operation_name;
    }
    weave::Row root;
    root.kind = weave::RowKind::kRun;
    root.span_id = run_id;
    root.operation_name = woven_.arena->Copy(Concat("run ", runs_, ": ", name));
    root.service_name = run.rows.front().service_name;
    root.start_ns = start;
    root.duration_ns = end - start;
    const weave::Tag tags[] = {
        {weave::kKindKey, Value::String("run"), {}},
        {"run.trace_id", Value::String(woven_.arena->Copy(run.trace_id)), {}}};
    root.tags = woven_.arena->CopyArray(absl::MakeConstSpan(tags));
    woven_.rows.push_back(root);
    woven_.rows.insert(woven_.rows.end(), run.rows.begin(), run.rows.end());
    for (weave::Notice& notice : run.notices) {
      notice.text = Concat("run ", runs_, ": ", notice.text);
      woven_.notices.push_back(std::move(notice));
    }
    woven_.partial |= run.partial;
    woven_.keep.push_back(run.arena);
    woven_.keep.insert(woven_.keep.end(), run.keep.begin(), run.keep.end());
  }

  void ShowNotices() {
    std::vector<std::string_view> texts;
    for (const weave::Notice& notice : woven_.notices) {
      texts.push_back(woven_.arena->Copy(notice.text));
    }
    woven_.rows.front().warnings = woven_.arena->CopyArray(texts);
  }

  const Datasource& datasource_;
  const settings::Query& query_;
  const Reader& reader_;
  const stores::RequestContext& context_;
  weave::Woven woven_;
  int runs_ = 0;
};

}  // namespace

absl::StatusOr<weave::Woven> WeaveConversation(const Datasource& datasource,
                                               const settings::Query& query, const Reader& reader,
                                               const stores::RequestContext& context) {
  return Conversation(datasource, query, reader, context).Run();
}

}  // namespace spanlog::query
