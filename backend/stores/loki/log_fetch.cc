#include "stores/loki/log_fetch.h"

#include <algorithm>
#include <chrono>

#include "base/errors.h"
#include "base/text.h"
#include "stores/json/json_body.h"
#include "stores/loki/logql.h"
#include "stores/loki/query_template.h"

namespace spanlog::stores {
namespace {

constexpr int64_t kMinute = 60'000'000'000;
constexpr int64_t kHour = 60 * kMinute;
// Evaluations of a model's answer arrive up to an hour after it.
constexpr int64_t kLateEvaluations = kHour + 5 * kMinute;
constexpr int kWiden = 12;
constexpr size_t kFewRecords = 500;
constexpr int64_t kWidest = 24 * kHour;
// Of labels by which all streams are looked through.
constexpr size_t kMostLabels = 3;

int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Labels from which Loki derives service_name, and others that agents set on every stream.
constexpr std::string_view kCommonLabels[] = {"service_name",
                                              "service",
                                              "app",
                                              "application",
                                              "app_name",
                                              "name",
                                              "app_kubernetes_io_name",
                                              "container",
                                              "container_name",
                                              "component",
                                              "workload",
                                              "job",
                                              "k8s_job_name",
                                              "namespace",
                                              "instance",
                                              "host",
                                              "filename"};

// A failure that says "this query", not "this store".
bool IsAboutTheQuery(const absl::Status& status) {
  const int http = UpstreamHttpStatus(status);
  return http == 400 || http == 413 || http == 422 ||
         (http == 0 && absl::IsInvalidArgument(status));
}

}  // namespace

std::optional<std::vector<std::string>> NamesIn(std::string body) {
  const auto parsed = JsonBody::Parse(std::move(body));
  if (!parsed.has_value() || !parsed->root().is_object()) return std::nullopt;
  if (TextMember(parsed->root(), "status") == "error") return std::nullopt;
  std::vector<std::string> names;
  if (const auto data = ArrayMember(parsed->root(), "data")) {  // absent when there are none
    for (const JsonElement item : *data) {
      std::string_view name;
      if (item.get_string().get(name) == simdjson::SUCCESS) names.emplace_back(name);
    }
  }
  return names;
}

LogFetch::LogFetch(const Upstream& upstream, const settings::LogSettings& settings,
                   std::shared_ptr<const LayoutOptions> layout, std::atomic<int>& entries_limit,
                   const LogSearch& search, const CallContext& context)
    : upstream_(upstream),
      settings_(settings),
      search_(search),
      context_(context),
      ladder_(search, settings),
      layout_(std::move(layout), search.trace_id, *layout_arena_),
      pager_(upstream, context, entries_limit, layout_, std::max(search.max_records, 1)) {}

Window LogFetch::Around(int widened) const {
  int64_t end = search_.end_ns > 0 ? search_.end_ns : NowNs();
  int64_t start = search_.start_ns > 0 ? search_.start_ns : end - kHour;
  if (end < start) end = start;
  const auto shift = [&](int64_t ns) {
    return widened == 1 ? ns : std::clamp(ns * widened, -kWidest, kWidest);
  };
  // One more nanosecond, for Loki's window does not hold its end.
  return {start + shift(settings_.start_shift_ns), end + shift(settings_.end_shift_ns) + 1};
}

absl::StatusOr<LogBatch> LogFetch::Run() {
  const std::string& query = search_.query.empty() ? settings_.query : search_.query;
  if (TrimSpace(query).empty()) {
    RunLadder("");
    return Result();
  }
  const absl::StatusOr<FilledQuery> filled =
      FillQuery(query, {search_.trace_id, search_.services, search_.attributes});
  if (!filled.ok()) return filled.status();
  if (!filled->missing.empty()) {
    pager_.batch().warnings.push_back(
        Concat("The configured LogQL query asks for ${", filled->missing,
               "}, which no span of this trace has; the records were looked for without it."));
    RunLadder("");
  } else if (IsBareSelector(filled->text)) {
    RunLadder(filled->text);
  } else {
    RunConfigured(filled->text);
  }
  return Result();
}

void LogFetch::RunConfigured(const std::string& query) {
  Ask({{query, Around(1)}});
  // A 64-bit id stands in many logs without its leading zeros.
  const std::string id = search_.trace_id.Hex();
  const size_t at = query.find(id);
  if (!ladder_.short_id() || !pager_.batch().records.empty() || at == query.npos) return;
  std::string shorter = query;
  for (size_t i = at; i != shorter.npos; i = shorter.find(id, i)) {
    shorter.replace(i, id.size(), search_.trace_id.LowHex());
  }
  Ask({{shorter, Around(1)}});
}

void LogFetch::RunLadder(const std::string& own_selector) {
  const auto selector_of = [&](const std::vector<std::string>& services) {
    return own_selector.empty() ? ladder_.Selector(services) : own_selector;
  };
  const std::string selector = selector_of(search_.services);
  const Window window = Around(1);
  if (search_.trace_id.empty()) {  // a conversation or a session, not a trace
    AskForSession(selector, window);
    if (!pager_.batch().records.empty() || stop_ || !own_selector.empty()) return;
    for (const std::string& everything : SelectorsOfAllStreams(window)) {
      AskForSession(everything, window);
    }
    return;
  }
  Window late = window;
  if (ladder_.has_model_calls() && search_.end_ns > 0) {
    late.end_ns = std::max(late.end_ns, search_.end_ns + kLateEvaluations);
  }
  std::vector<Rung> rungs = {{ladder_.ByMetadata(selector), late}};
  if (ladder_.short_id()) rungs.push_back({ladder_.ByLine(selector), window});
  AskForTrace(std::move(rungs));

  const std::vector<std::string> silent = ServicesWithoutRecords();
  const bool nothing = pager_.batch().records.empty();
  // A service may log in two ways: OTLP for some records, lines with the id for others. A small
  // trace is asked for both; in a large one the line filter would read all chunks once more for
  // nothing.
  const bool few = pager_.batch().records.size() < kFewRecords;
  std::string quiet = selector;  // where services without records may log in unusual ways
  if (!silent.empty() && own_selector.empty()) quiet = ladder_.WideSelector(silent);
  if (!silent.empty() || few) {
    const std::string rest = few ? selector : selector_of(silent);
    rungs = {{ladder_.ByLine(rest), window}, {ladder_.ByLabel().front(), window}};
    if (!silent.empty() || nothing) {
      rungs.push_back({ladder_.ByLineInAnySpelling(quiet), window});
      rungs.push_back({ladder_.ByOtherMetadata(quiet), window});
    }
    AskForTrace(std::move(rungs));
    if (nothing || ladder_.has_narrow_key()) AskForSession(rest, window);
  }
  if (!pager_.batch().records.empty() || stop_) return;

  rungs.clear();
  for (const std::string& query : ladder_.ByLabel()) rungs.push_back({query, window});
  AskForTrace(std::move(rungs));
  if (own_selector.empty()) AskEverywhere();
  if (!pager_.batch().records.empty() || stop_ || search_.end_ns == 0) return;

  const Window wide = Around(kWiden);
  AskForTrace({{ladder_.ByAnyMetadata(quiet), wide}, {ladder_.ByLineInAnySpelling(quiet), wide}});
  if (pager_.batch().records.empty()) AskForSession(selector, wide);
}

// A line may name several traces, and a session may span them: records that say they are of another
// trace are left to it.
void LogFetch::AskForTrace(std::vector<Rung> rungs) {
  std::vector<LogRecord>& records = pager_.batch().records;
  const auto before = static_cast<ptrdiff_t>(records.size());
  Ask(std::move(rungs));
  records.erase(std::remove_if(records.begin() + before, records.end(),
                               [&](const LogRecord& record) {
                                 return !record.trace_id.empty() && !search_.trace_id.empty() &&
                                        record.trace_id.low != search_.trace_id.low;
                               }),
                records.end());
}

void LogFetch::AskForSession(const std::string& selector, const Window& window) {
  std::string session = ladder_.BySession(selector);
  if (session.empty() || stop_) return;
  const size_t before = pager_.batch().records.size();
  AskForTrace({{std::move(session), window}});
  if (pager_.batch().records.size() > before) return;
  std::string in_line = ladder_.BySessionInLine(selector);
  if (!in_line.empty()) AskForTrace({{std::move(in_line), window}});
}

void LogFetch::AskEverywhere() {
  if (!pager_.batch().records.empty() || stop_) return;
  const Window window = Around(1);
  std::vector<Rung> rungs;
  for (const std::string& everything : SelectorsOfAllStreams(window)) {
    rungs.push_back({ladder_.ByAnyMetadata(everything), window});
    rungs.push_back({ladder_.ByLineInAnySpelling(everything), window});
  }
  AskForTrace(std::move(rungs));
}

std::vector<std::string> LogFetch::SelectorsOfAllStreams(const Window& window) {
  Call call;
  call.path = "/loki/api/v1/labels";
  call.params = {{"start", Concat(window.start_ns)}, {"end", Concat(window.end_ns)}};
  absl::StatusOr<http::Response> response = upstream_.Fetch(std::move(call), context_);
  // A gateway may not let this path through: then the label of current Lokis is tried.
  const std::string fallback = Ladder::AnyStream(ladder_.service_label());
  if (!response.ok() || !upstream_.CheckAnswer("Listing labels", *response).ok()) return {fallback};
  const auto names = NamesIn(std::move(response->body));
  if (!names.has_value()) return {fallback};
  std::vector<std::string_view> labels;
  const auto take = [&](std::string_view name) {
    const bool there = std::find(names->begin(), names->end(), name) != names->end();
    const bool taken = std::find(labels.begin(), labels.end(), name) != labels.end();
    if (there && !taken && labels.size() < kMostLabels) labels.push_back(name);
  };
  take(ladder_.service_label());
  for (const std::string_view label : kCommonLabels) take(label);
  if (labels.empty() && !names->empty()) take(names->front());
  // Each further selector holds only the streams that those before it do not.
  std::vector<std::string> selectors;
  for (size_t i = 0; i < labels.size(); ++i) {
    std::string selector = Concat('{', labels[i], "=~\".+\"");
    for (size_t j = 0; j < i; ++j) Append(selector, ", ", labels[j], "=\"\"");
    selectors.push_back(selector + '}');
  }
  return selectors;
}

std::vector<std::string> LogFetch::ServicesWithoutRecords() {
  LogBatch& batch = pager_.batch();
  StringSet<std::string_view> heard;
  std::vector<bool> looked_at(batch.streams.size(), false);
  for (const LogRecord& record : batch.records) {
    if (looked_at[record.stream]) continue;
    looked_at[record.stream] = true;
    heard.insert(FindText(batch.streams[record.stream].labels, ladder_.service_label()));
  }
  std::vector<std::string> silent;
  for (const std::string& service : search_.services) {
    if (!heard.contains(std::string_view(service))) silent.push_back(service);
  }
  return silent;
}

void LogFetch::Ask(std::vector<Rung> rungs) {
  if (stop_) return;
  std::vector<RunningQuery> running;
  for (Rung& rung : rungs) {
    const bool again = std::any_of(asked_.begin(), asked_.end(), [&](const Rung& asked) {
      return asked.query == rung.query && asked.window == rung.window;
    });
    if (again) continue;
    asked_.push_back(rung);
    std::vector<std::string>& tried = pager_.batch().tried;
    if (std::find(tried.begin(), tried.end(), rung.query) == tried.end()) {
      tried.push_back(rung.query);
    }
    running.push_back(pager_.Start(std::move(rung.query), rung.window));
  }
  for (RunningQuery& query : running) {
    if (stop_) return;  // dropping the rest cancels it
    const std::string text = query.query;
    const absl::Status status = pager_.Finish(std::move(query));
    any_answer_ |= status.ok();
    if (status.ok()) continue;
    failures_.emplace_back(text, status);
    stop_ = !IsAboutTheQuery(status);
  }
}

absl::StatusOr<LogBatch> LogFetch::Result() {
  LogBatch& batch = pager_.batch();
  if (!failures_.empty() && batch.records.empty() && (!any_answer_ || stop_)) {
    return failures_.front().second;
  }
  for (const auto& [query, status] : failures_) {
    batch.warnings.push_back(
        Concat("Looking for log records with ", query, " failed. ",
               std::string_view(status.message().data(), status.message().size())));
  }
  SortByTime(batch.records, 0);
  batch.arenas.push_back(layout_arena_);
  return std::move(batch);
}

}  // namespace spanlog::stores
