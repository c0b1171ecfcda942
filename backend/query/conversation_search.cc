#include "query/conversation_search.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/quoted.h"
#include "base/text.h"
#include "query/time_left.h"

namespace spanlog::query {
namespace {

constexpr std::string_view kKeys[] = {"gen_ai.conversation.id",
                                      "session.id",
                                      "conversation.id",
                                      "langfuse.session.id",
                                      "gcp.vertex.agent.session_id",
                                      "ai.telemetry.metadata.sessionId"};
// Jaeger searches one service and one tag at a time; so many searches are sent at most.
constexpr size_t kMaxSearches = 30;

class Finder {
 public:
  Finder(const Datasource& datasource, const settings::Query& query, const LogBatch& logs,
         size_t max_runs, const stores::RequestContext& context)
      : datasource_(datasource),
        query_(query),
        logs_(logs),
        max_runs_(max_runs),
        time_left_(context) {}

  ConversationTraces Run() {
    for (const std::string& search : Searches()) {
      if (!Search(search)) break;
    }
    for (const LogRecord& record : logs_.records) {
      if (!record.trace_id.empty()) Add(record.trace_id, record.time_ns);
    }
    std::vector<ConversationTraces::Run>& runs = found_.runs;
    std::stable_sort(runs.begin(), runs.end(),
                     [](const auto& a, const auto& b) { return a.start_ns < b.start_ns; });
    if (runs.size() > max_runs_) {
      found_.notices.push_back(Concat("The conversation has ", runs.size(),
                                      " traces or more; the first ", max_runs_,
                                      " are shown. Narrow the time range to see others."));
      runs.resize(max_runs_);
    }
    return std::move(found_);
  }

 private:
  std::vector<std::string> Searches() {
    std::vector<std::string> searches;
    if (datasource_.settings().trace_store == settings::TraceStoreKind::kTempo) {
      std::string traceql;
      for (const std::string_view key : kKeys) {
        Append(traceql, traceql.empty() ? "{ " : " || ", "span.", key, " = ", Quoted(query_.text));
      }
      return {traceql + " }"};
    }
    // The others know no "or".
    std::vector<std::string> services = {""};
    if (datasource_.settings().trace_store == settings::TraceStoreKind::kJaeger)
      services = Services();
    for (const std::string& service : services) {
      for (const std::string_view key : kKeys) {
        std::string search = service.empty() ? "" : Concat("service=", Quoted(service), ' ');
        searches.push_back(Concat(search, key, '=', Quoted(query_.text)));
      }
    }
    if (searches.size() > kMaxSearches) {
      found_.notices.push_back(Concat("Jaeger has ", services.size(),
                                      " services; the conversation was looked for in ",
                                      kMaxSearches / std::size(kKeys), " of them."));
      searches.resize(kMaxSearches);
    }
    return searches;
  }

  // Jaeger searches within a service: the records name the conversation's; else all there are.
  std::vector<std::string> Services() {
    std::vector<std::string> services;
    StringSet<> known;
    for (const LogRecord& record : logs_.records) {
      if (record.service.empty()) continue;
      if (known.insert(record.service).second) services.emplace_back(record.service);
    }
    if (!services.empty()) return services;
    auto all = datasource_.traces()->Services(time_left_.Context());
    if (!all.ok()) {
      found_.failure = all.status();
      return {};
    }
    return *std::move(all);
  }

  // False when the store does not answer; further searches would not fare better.
  bool Search(const std::string& text) {
    stores::TraceSearch search;
    search.query = text;
    search.start_ns = query_.from_ms * 1'000'000;
    search.end_ns = query_.to_ms * 1'000'000;
    search.limit = static_cast<int>(max_runs_);
    const auto found = datasource_.traces()->Search(search, time_left_.Context());
    if (!found.ok()) {
      found_.failure = found.status();
      return false;
    }
    for (const stores::TraceSummary& summary : *found) Add(summary.id, summary.start_ns);
    return true;
  }

  void Add(const TraceId& id, int64_t start_ns) {
    absl::flat_hash_set<uint64_t>& known = high_halves_[id.low];
    // Loggers and Zipkin's 64-bit reporters write the low half only.
    const bool is_known =
        known.contains(id.high) || known.contains(0) || (id.high == 0 && !known.empty());
    if (is_known) return;
    known.insert(id.high);
    found_.runs.push_back({id, start_ns});
  }

  const Datasource& datasource_;
  const settings::Query& query_;
  const LogBatch& logs_;
  const size_t max_runs_;
  const TimeLeft time_left_;
  absl::flat_hash_map<uint64_t, absl::flat_hash_set<uint64_t>> high_halves_;  // by the low one
  ConversationTraces found_;
};

}  // namespace

absl::Span<const std::string_view> ConversationKeys() { return kKeys; }

ConversationTraces FindConversationTraces(const Datasource& datasource,
                                          const settings::Query& query, const LogBatch& logs,
                                          size_t max_runs, const stores::RequestContext& context) {
  return Finder(datasource, query, logs, max_runs, context).Run();
}

}  // namespace spanlog::query
