#include "query/record_links.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/text.h"
#include "http/client.h"
#include "stores/loki/logql.h"
#include "views/logs_view.h"
#include "views/row_facts.h"

namespace spanlog::query {
namespace {

using weave::Row;
using RowOfRecord = RecordLinks::RowOfRecord;

// Labels by which people choose streams, best first. Loki without `categorize-labels` mixes the
// metadata of a record into its labels, and by that no stream can be chosen.
constexpr std::string_view kPreferred[] = {"service_name", "job",      "app",  "container",
                                           "namespace",    "service",  "pod",  "filename",
                                           "instance",     "exporter", "host", "source"};
constexpr size_t kMostValues = 100;

std::string Dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

size_t RankOf(std::string_view label) {
  return static_cast<size_t>(std::find(std::begin(kPreferred), std::end(kPreferred), label) -
                             std::begin(kPreferred));
}

std::vector<RowOfRecord> RowsOfRecords(const weave::Woven& woven) {
  std::vector<RowOfRecord> rows;
  for (const Row& row : woven.rows) {
    if (row.kind == weave::RowKind::kSpan || row.resource.empty()) continue;
    const std::string_view time = views::TagText(row, weave::kTimestampKey);
    if (!time.empty()) rows.push_back({static_cast<size_t>(&row - woven.rows.data()), time});
  }
  return rows;
}

// The label that most rows with a record have, the preferred one of equals, and its values.
std::pair<std::string, std::vector<std::string>> BestLabel(
    const weave::Woven& woven, const std::vector<RowOfRecord>& records) {
  struct Seen {
    size_t rows = 0;
    StringSet<> values;
  };
  StringMap<Seen> labels;
  // Rows of one stream share their labels.
  absl::flat_hash_map<std::pair<const Attribute*, size_t>, size_t> rows_of;
  const Attribute* last = nullptr;
  size_t* rows = nullptr;
  for (const RowOfRecord& record : records) {
    const Attributes resource = woven.rows[record.index].resource;
    if (rows == nullptr || resource.data() != last) {
      rows = &rows_of[{resource.data(), resource.size()}];
      last = resource.data();
    }
    ++*rows;
  }
  for (const auto& [stream, count] : rows_of) {
    for (const Attribute& label : Attributes(stream.first, stream.second)) {
      if (label.value.text().empty() || StartsWith(label.key, "__")) continue;
      Seen& seen = labels[label.key];
      seen.rows += count;
      seen.values.insert(label.value.text());
    }
  }

  const std::pair<const std::string_view, Seen>* best = nullptr;
  for (const auto& entry : labels) {
    if (entry.second.values.size() > kMostValues) continue;
    // Grafana would take such a value for one of its variables.
    const bool plain = std::none_of(
        entry.second.values.begin(), entry.second.values.end(),
        [](std::string_view value) { return Contains(value, "$") || Contains(value, "[["); });
    if (!plain) continue;
    if (best == nullptr || entry.second.rows > best->second.rows ||
        (entry.second.rows == best->second.rows &&
         std::make_pair(RankOf(entry.first), entry.first) <
             std::make_pair(RankOf(best->first), best->first))) {
      best = &entry;
    }
  }
  if (best == nullptr) return {};
  std::vector<std::string> values(best->second.values.begin(), best->second.values.end());
  std::sort(values.begin(), values.end());
  return {std::string(best->first), std::move(values)};
}

nlohmann::json LokiQuery(const std::string& uid, const std::string& expression) {
  return {{"refId", "A"},
          {"expr", expression},
          {"queryType", "range"},
          {"datasource", {{"type", "loki"}, {"uid", uid}}}};
}

}  // namespace

RecordLinks::RecordLinks(const weave::Woven& woven, const std::string& loki_uid)
    : woven_(woven), loki_uid_(loki_uid) {
  if (loki_uid_.empty()) return;
  records_ = RowsOfRecords(woven);
  auto [label, values] = BestLabel(woven, records_);
  if (label.empty()) return;
  selector_ = values.size() == 1 ? Concat("{", label, "=", stores::LogQlString(values[0]), "}")
                                 : Concat("{", stores::AnyOfMatcher(label, values), "}");
  label_ = std::move(label);
}

std::string RecordLinks::Query(const std::string& time_variable) const {
  return Concat(selector_,
                " | label_format record_ns=`{{ __timestamp__ | unixEpochNanos }}` | "
                "record_ns=\"",
                time_variable, "\"");
}

std::string RecordLinks::LinksWithRange(const std::string& time_variable) const {
  // The variables must stay readable to Grafana, everything else is encoded. A range cell is JSON.
  const std::string range = "${__value.raw}";
  const std::string state =
      Concat("{\"datasource\":", Dump(loki_uid_), ",\"queries\":[",
             Dump(LokiQuery(loki_uid_, Query(time_variable))), "],\"range\":", range, "}");
  std::string url = "/explore?left=";
  size_t from = 0;
  for (size_t at = state.find("${"); at != state.npos; at = state.find("${", from)) {
    const size_t end = state.find('}', at) + 1;
    url += http::UrlEncode(std::string_view(state).substr(from, at - from));
    // A name inside a JSON string is escaped there; Grafana reads it as it is.
    for (const char c : state.substr(at, end - at)) {
      if (c != '\\') url += c;
    }
    from = end;
  }
  url += http::UrlEncode(std::string_view(state).substr(from));
  return Dump(nlohmann::json::array(
      {{{"title", "Log record in Loki"}, {"url", url}, {"targetBlank", true}}}));
}

std::vector<frame::LinkColumn> RecordLinks::Columns() const {
  if (label_.empty()) return {};
  const nlohmann::json inside =
      nlohmann::json::array({{{"title", "Log record in Loki"},
                              {"url", ""},
                              {"internal",
                               {{"datasourceUid", loki_uid_},
                                {"datasourceName", "Loki"},
                                {"query", LokiQuery(loki_uid_, Query("${__value.raw}"))}}}}});
  frame::LinkColumn here{"recordTime", Dump(inside), {}};
  frame::LinkColumn elsewhere{
      "recordWindow", LinksWithRange("${__span.tags[\"log.timestamp\"]}"), {}};
  here.cells.resize(woven_.rows.size());
  elsewhere.cells.resize(woven_.rows.size());
  absl::flat_hash_map<const Attribute*, bool> labelled;  // streams that have the label
  const Attribute* stream = nullptr;                     // the one that was looked at last
  bool has_label = false;
  for (const RowOfRecord& record : records_) {
    const Row& row = woven_.rows[record.index];
    if (row.resource.data() != stream) {
      stream = row.resource.data();
      const auto [known, is_new] = labelled.try_emplace(stream);
      if (is_new) known->second = Find(row.resource, label_) != nullptr;
      has_label = known->second;
    }
    int64_t record_ns = 0;
    if (!has_label || !ParseInt64(record.time, record_ns) || record_ns <= 0) continue;
    if (record_ns / 1'000'000 == row.start_ns / 1'000'000) {
      here.cells[record.index] = record.time;
    } else {
      elsewhere.cells[record.index] = arena_->Copy(views::RecordWindow(record_ns));
    }
  }
  return {std::move(here), std::move(elsewhere)};
}

}  // namespace spanlog::query
