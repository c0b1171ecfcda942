#include "query/search.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "frame/table.h"
#include "query/reader_policy.h"

namespace spanlog::query {
namespace {

constexpr int kDefaultLimit = 20;

// A click on a trace id opens it in this datasource, as Tempo's own table does.
std::string TraceLink(const std::string& datasource_uid) {
  const nlohmann::json config = {
      {"displayNameFromDS", "Trace ID"},
      {"unit", "string"},
      {"links",
       {{{"title", "Open trace ${__value.raw}"},
         {"url", ""},
         {"internal",
          {{"datasourceUid", datasource_uid},
           {"datasourceName", "Spanlog"},
           {"query", {{"query", "${__value.raw}"}, {"queryType", "traceql"}}}}}}}}};
  return config.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
  auto found = datasource.traces()->Search(search, context);
  if (!found.ok()) return found.status();

  std::vector<std::string> ids, services, names;
  frame::Column::Times starts;
  std::vector<double> durations;
  for (const stores::TraceSummary& summary : *found) {
    ids.push_back(summary.id.Hex());
    starts.ns.push_back(summary.start_ns);
    services.push_back(VisibleName(datasource, reader, summary.root_service));
    names.push_back(VisibleName(datasource, reader, summary.root_name));
    durations.push_back(static_cast<double>(summary.duration_ms));
  }
  frame::Table table;
  table.name = "Traces";
  table.ref_id = ref_id;
  table.meta_json = R"({"preferredVisualisationType":"table"})";
  table.columns.push_back(
      {"traceID", TraceLink(datasource.settings().uid), "", std::move(ids)});
  table.columns.push_back(
      {"startTime", R"({"displayNameFromDS":"Start time"})", "", std::move(starts)});
  table.columns.push_back(
      {"traceService", R"({"displayNameFromDS":"Service"})", "", std::move(services)});
  table.columns.push_back({"traceName", R"({"displayNameFromDS":"Name"})", "", std::move(names)});
  table.columns.push_back({"traceDuration", R"({"displayNameFromDS":"Duration","unit":"ms"})", "",
                           std::move(durations)});
  Answer answer;
  answer.frames.push_back(frame::EncodeTable(table));
  return answer;
}

}  // namespace spanlog::query
