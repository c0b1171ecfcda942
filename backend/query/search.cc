#include "query/search.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "frame/table.h"
#include "query/agent_run.h"
#include "query/reader_policy.h"
#include "query/time_left.h"
#include "weave/one_line.h"

namespace spanlog::query {
namespace {

constexpr int kDefaultLimit = 20;

std::string Dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// A click on a trace id opens it in this datasource, as Tempo's own table does.
std::string TraceLink(const std::string& datasource_uid) {
  return Dump({{"displayNameFromDS", "Trace ID"},
               {"unit", "string"},
               {"custom", {{"width", 280}}},  // 32 digits in Grafana's table font
               {"links",
                {{{"title", "Open trace ${__value.raw}"},
                  {"url", ""},
                  {"internal",
                   {{"datasourceUid", datasource_uid},
                    {"datasourceName", "Spanlog"},
                    {"query", {{"query", "${__value.raw}"}, {"queryType", "traceql"}}}}}}}}});
}

// What a reader may see of the texts of a search.
class TextFilter {
 public:
  TextFilter(const Datasource& datasource, const Reader& reader)
      : datasource_(datasource), reader_(reader) {}

  bool shows_content() const {
    return LevelOf(datasource_, reader_) >= policy::ContentLevel::kPreview;
  }

  std::string Name(std::string_view text, std::string_view key = {}) const {
    const bool withheld = !key.empty() && !text.empty() && !reader_.is_terminal &&
                          datasource_.redactor().WithholdsKey(key);
    return withheld ? "[removed]" : VisibleName(datasource_, reader_, std::string(text));
  }

  // The beginning of a message on one line.
  std::string Content(std::string_view text) {
    if (text.empty()) return {};
    const std::string shown = VisibleContent(datasource_, reader_, std::string(text));
    return std::string(weave::OneLine(
        shown, static_cast<size_t>(datasource_.settings().messages.preview_chars), arena_));
  }

 private:
  const Datasource& datasource_;
  const Reader& reader_;
  Arena arena_;
};

struct Columns {
  frame::Column::Times starts;
  std::vector<std::string> ids, services, names, messages, models, tools;
  std::vector<double> durations, input, output, cost, errors;
  bool any_run = false;
  size_t cut = 0;

  void Add(const stores::TraceSummary& summary, const AgentRun& run, TextFilter& filter) {
    ids.push_back(summary.id.Hex());
    starts.ns.push_back(summary.start_ns);
    services.push_back(filter.Name(summary.root_service));
    names.push_back(filter.Name(summary.root_name));
    durations.push_back(static_cast<double>(summary.duration_ms));
    any_run |= run.is_run;
    cut += summary.spans_cut;
    messages.push_back(filter.Content(run.first_message));
    models.push_back(filter.Name(run.models, "gen_ai.request.model"));
    tools.push_back(filter.Name(run.tools, "gen_ai.tool.name"));
    input.push_back(run.input_tokens);
    output.push_back(run.output_tokens);
    cost.push_back(run.cost_usd);
    errors.push_back(summary.errors < 0 ? NAN : static_cast<double>(summary.errors));
  }
};

std::string MetaJson(const std::string& executed, const std::vector<std::string>& notices) {
  nlohmann::json meta = {{"preferredVisualisationType", "table"},
                         {"executedQueryString", executed}};
  for (const std::string& notice : notices) {
    meta["notices"].push_back({{"severity", "warning"}, {"text", notice}});
  }
  return Dump(meta);
}

std::vector<std::string> NoticesOf(const std::vector<stores::TraceSummary>& found,
                                   const Columns& columns, const absl::Status& agents) {
  std::vector<std::string> notices;
  if (!agents.ok()) {
    notices.push_back(
        Concat("What agents' runs used is not shown: ", std::string(agents.message())));
  }
  if (columns.cut > 0) {
    notices.push_back(
        Concat(columns.cut, columns.cut == 1 ? " run has" : " runs have",
               " more calls than a search tells; model, tokens, cost and tools are of the "
               "calls it tells. Open the trace for all."));
  }
  constexpr size_t kMost = stores::TraceStore::kMostAgentRuns;
  const bool not_asked = found.size() > kMost && std::all_of(found.begin() + kMost, found.end(),
                                                             [](const stores::TraceSummary& each) {
                                                               return each.spans.empty();
                                                             });
  if (columns.any_run && not_asked) {
    notices.push_back(
        Concat("What runs used is shown for the newest ", kMost, " of ", found.size(), " traces."));
  }
  return notices;
}

frame::Table ToTable(Columns columns, const std::string& datasource_uid) {
  frame::Table table;
  table.name = "Traces";
  const auto add = [&](const char* name, std::string config, auto column) {
    table.columns.push_back({name, std::move(config), "", std::move(column)});
  };
  add("traceID", TraceLink(datasource_uid), std::move(columns.ids));
  add("startTime", R"({"displayNameFromDS":"Start time"})", std::move(columns.starts));
  add("traceService", R"({"displayNameFromDS":"Service"})", std::move(columns.services));
  add("traceName", R"({"displayNameFromDS":"Name"})", std::move(columns.names));
  add("traceDuration", R"({"displayNameFromDS":"Duration","unit":"ms"})",
      std::move(columns.durations));
  if (columns.any_run) {
    add("firstMessage", R"({"displayNameFromDS":"First message"})", std::move(columns.messages));
    add("model", R"({"displayNameFromDS":"Model"})", std::move(columns.models));
    add("inputTokens", R"({"displayNameFromDS":"Input tokens"})", std::move(columns.input));
    add("outputTokens", R"({"displayNameFromDS":"Output tokens"})", std::move(columns.output));
    add("cost", R"({"displayNameFromDS":"Cost","unit":"currencyUSD","decimals":4})",
        std::move(columns.cost));
    add("tools", R"({"displayNameFromDS":"Tools"})", std::move(columns.tools));
  }
  add("errors", R"({"displayNameFromDS":"Errors"})", std::move(columns.errors));
  return table;
}

}  // namespace

absl::StatusOr<Answer> RunSearch(const Datasource& datasource, const settings::Query& query,
                                 const std::string& ref_id, const Reader& reader,
                                 const stores::RequestContext& context) {
  if (datasource.traces() == nullptr) {
    return absl::FailedPreconditionError(
        "No trace store is configured: set the URL of Tempo, Jaeger or Zipkin in the datasource's "
        "settings.");
  }
  stores::TraceSearch search;
  search.query = query.text;
  search.start_ns = query.from_ms * 1'000'000;
  search.end_ns = query.to_ms * 1'000'000;
  search.limit = query.limit > 0 ? query.limit : kDefaultLimit;
  const TimeLeft time_left(context);
  auto found = datasource.traces()->Search(search, context);
  if (!found.ok()) return found.status();
  std::stable_sort(found->begin(), found->end(),
                   [](const auto& a, const auto& b) { return a.start_ns > b.start_ns; });

  TextFilter filter(datasource, reader);
  const absl::Status agents =
      VisibleError(datasource, reader,
                   datasource.traces()->AddAgentSpans(search, filter.shows_content(), *found,
                                                      time_left.Context()));
  if (absl::IsCancelled(agents)) return agents;
  RedactFound(datasource, reader, *found);
  Columns columns;
  for (const stores::TraceSummary& summary : *found) {
    columns.Add(summary, ReadAgentRun(summary, datasource.settings().prices), filter);
  }
  const std::vector<std::string> notices = NoticesOf(*found, columns, agents);
  frame::Table table = ToTable(std::move(columns), datasource.settings().uid);
  table.ref_id = ref_id;
  table.meta_json = MetaJson(query.text, notices);
  Answer answer;
  answer.frames.push_back(frame::EncodeTable(table));
  return answer;
}

}  // namespace spanlog::query
