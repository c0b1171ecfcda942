#include "views/logs_view.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "frame/json_text.h"
#include "views/row_facts.h"

namespace spanlog::views {
namespace {

using weave::Row;
using weave::RowKind;

struct Line {
  int64_t time_ns;
  int64_t record_ns;  // 0: from no record
  const Row* row;
};

// A record that is drawn elsewhere in the trace is shown here when it was written.
Line LineOf(const Row& row) {
  const int64_t record_ns = RecordTime(row);
  const bool own = row.kind == RowKind::kLog || !TagText(row, "spanlog.moved").empty();
  return {own && record_ns > 0 ? record_ns : row.start_ns, record_ns, &row};
}

std::vector<Line> LinesOf(const weave::Woven& woven) {
  std::vector<Line> lines;
  for (const Row& row : woven.rows) {
    if (row.kind == RowKind::kLog || row.kind == RowKind::kMessage) lines.push_back(LineOf(row));
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.time_ns < b.time_ns; });
  return lines;
}

std::string BodyOf(const Row& row, size_t max_bytes) {
  const std::string_view text = TagText(row, weave::kMessageKey);
  const std::string_view head = CutUtf8(text, max_bytes);
  const std::string_view end = head.size() < text.size() ? "… [cut]" : "";
  if (row.kind == RowKind::kLog) return Concat(head, end);
  return Concat(TagText(row, weave::kRoleKey), ": ", head, end);
}

std::string_view SeverityOf(const Row& row) {
  const std::string_view level = TagText(row, weave::kLevelKey);
  if (!level.empty()) return level;
  if (row.status == StatusCode::kError) return "error";
  return row.kind == RowKind::kMessage ? "info" : "unknown";
}

// A text that is the value of a label; "" where labels of the panel have no use for the value.
void AppendLabel(frame::Buffer& out, std::string_view key, const Value& value) {
  if (out.size() > 1) out.Append(',');
  frame::AppendJsonString(out, key);
  out.Append(':');
  switch (value.type) {
    case ValueType::kBool:
      return out.Append(value.boolean ? "\"true\"" : "\"false\"");
    case ValueType::kInt:
      return out.Append(Concat("\"", value.integer, "\""));
    case ValueType::kDouble:
      return out.Append(Concat("\"", DoubleToText(value.real), "\""));
    default:
      return frame::AppendJsonString(out, value.text());
  }
}

// What the row is, then the record's labels and fields; long texts stay in the trace view.
std::string LabelsOf(const Row& row) {
  constexpr size_t kLongestLabel = 1024;
  frame::Buffer out;
  StringSet<> keys;
  out.Append('{');
  const auto add = [&](std::string_view key, const Value& value) {
    if (key.empty() || value.text().size() > kLongestLabel || !keys.insert(key).second) return;
    AppendLabel(out, key, value);
  };
  for (const Attribute& label : row.resource) add(label.key, label.value);
  for (const weave::Tag& tag : row.tags) {
    if (!StartsWith(tag.key, "@")) add(tag.key, tag.value);
  }
  out.Append('}');
  return std::string(out.view());
}

std::string OpenInTrace(const std::string& trace_id, const std::string& datasource_uid) {
  const nlohmann::json config = {
      {"displayName", "Span"},
      {"links",
       {{{"title", "Show in the trace"},
         {"url", ""},
         {"internal",
          {{"datasourceUid", datasource_uid},
           {"datasourceName", "Spanlog"},
           {"query", {{"query", trace_id}, {"queryType", "traceql"}}},
           {"panelsState", {{"trace", {{"spanId", "${__value.raw}"}}}}}}}}}}};
  return config.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string MetaJson(size_t left_out) {
  nlohmann::json meta = {
      {"type", "log-lines"}, {"typeVersion", {0, 0}}, {"preferredVisualisationType", "logs"}};
  if (left_out > 0) {
    meta["notices"] = {{{"severity", "warning"},
                        {"text", Concat(left_out,
                                        " later records are left out: the answer has its "
                                        "largest size (limits.frameBytes).")}}};
  }
  return meta.dump();
}

}  // namespace

std::string RecordWindow(int64_t record_ns) {
  const int64_t from_ms = record_ns / 1'000'000;
  return Concat("{\"from\":\"", from_ms, "\",\"to\":\"", from_ms + 1, "\"}");
}

frame::Table LogsView(const weave::Woven& woven, const LogsViewOptions& options) {
  frame::Column::Times times;
  std::vector<std::string> bodies, severities, ids, spans;
  std::vector<std::optional<std::string>> record_times, record_windows;
  frame::Column::Json labels;
  size_t bytes = 0;
  const std::vector<Line> lines = LinesOf(woven);
  for (const Line& line : lines) {
    const Row& row = *line.row;
    std::string body = BodyOf(row, options.max_body_bytes);
    std::string label_cell = LabelsOf(row);
    bytes += body.size() + label_cell.size() + 3 * row.span_id.size() + 64;
    if (bytes > options.max_frame_bytes) break;
    times.ns.push_back(line.time_ns);
    bodies.push_back(std::move(body));
    severities.emplace_back(SeverityOf(row));
    ids.emplace_back(row.span_id);
    labels.cells.push_back(std::move(label_cell));
    spans.emplace_back(row.span_id);
    const bool linked = line.record_ns > 0 && Find(row.resource, options.record_label) != nullptr;
    record_times.push_back(linked ? std::optional(std::to_string(line.record_ns)) : std::nullopt);
    record_windows.push_back(linked ? std::optional(RecordWindow(line.record_ns)) : std::nullopt);
  }

  frame::Table table;
  table.name = "Logs";
  table.ref_id = options.ref_id;
  table.meta_json = MetaJson(lines.size() - bodies.size());
  table.columns.push_back({"timestamp", "", "", std::move(times)});
  table.columns.push_back({"body", "", "", std::move(bodies)});
  table.columns.push_back({"severity", "", "", std::move(severities)});
  table.columns.push_back({"id", "", "", std::move(ids)});
  table.columns.push_back({"labels", "", "", std::move(labels)});
  table.columns.push_back(
      {"spanID", OpenInTrace(woven.trace_id, options.datasource_uid), "", std::move(spans)});
  if (!options.record_links.empty()) {
    // Without a unit Grafana would write the digits as a number with an exponent into the link.
    table.columns.push_back({"recordTime", R"({"unit":"string"})", "", std::move(record_times)});
    table.columns.push_back({"recordWindow", Concat("{\"links\":", options.record_links, "}"), "",
                             std::move(record_windows)});
  }
  return table;
}

}  // namespace spanlog::views
