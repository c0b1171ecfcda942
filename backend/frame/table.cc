#include "frame/table.h"

#include <cmath>

#include "base/utf8.h"
#include "frame/arrow_file.h"
#include "frame/columns.h"

namespace spanlog::frame {
namespace {

struct Fill {
  const Column& from;

  FrameColumn operator()(const std::vector<std::string>& texts) const {
    FrameColumn column(from.name, ColumnType::kText, texts.size());
    for (const std::string& text : texts) {
      column.AddText(IsValidUtf8(text) ? text : ToValidUtf8(text));
    }
    return column;
  }
  FrameColumn operator()(const std::vector<std::optional<std::string>>& texts) const {
    FrameColumn column(from.name, ColumnType::kText, texts.size());
    column.nullable = true;
    for (size_t row = 0; row < texts.size(); ++row) {
      column.AddText(texts[row].has_value() ? ToValidUtf8(*texts[row]) : std::string());
      if (!texts[row].has_value()) column.SetNull(row, texts.size());
    }
    return column;
  }
  FrameColumn operator()(const std::vector<int64_t>& numbers) const {
    FrameColumn column(from.name, ColumnType::kInt, numbers.size());
    for (const int64_t number : numbers) column.AddInt(number);
    return column;
  }
  FrameColumn operator()(const std::vector<double>& numbers) const {
    FrameColumn column(from.name, ColumnType::kReal, numbers.size());
    for (const double number : numbers) column.AddReal(number);
    column.nullable = true;
    for (size_t row = 0; row < numbers.size(); ++row) {
      if (std::isnan(numbers[row])) column.SetNull(row, numbers.size());
    }
    return column;
  }
  FrameColumn operator()(const Column::Times& times) const {
    FrameColumn column(from.name, ColumnType::kTimes, times.ns.size());
    for (const int64_t ns : times.ns) column.AddInt(ns);
    return column;
  }
  FrameColumn operator()(const Column::Json& json) const {
    FrameColumn column(from.name, ColumnType::kJson, json.cells.size());
    // Grafana writes an empty cell raw, which breaks its whole answer.
    for (const std::string& cell : json.cells) column.AddText(cell.empty() ? "null" : cell);
    return column;
  }
};

}  // namespace

Rope EncodeTable(const Table& table) {
  FrameColumns frame;
  frame.name = table.name;
  frame.ref_id = table.ref_id;
  frame.meta_json = table.meta_json;
  for (const Column& column : table.columns) {
    frame.columns.push_back(std::visit(Fill{column}, column.data));
    frame.columns.back().config_json = column.config_json;
    frame.columns.back().labels_json = column.labels_json;
  }
  return ToArrowFile(std::move(frame));
}

}  // namespace spanlog::frame
