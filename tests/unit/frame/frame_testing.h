// Woven traces made by hand and what a reader of the encoded frame sees.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "frame/arrow_reader.h"
#include "frame/trace_frame.h"
#include "weave/woven.h"

namespace spanlog::frame {

using Json = nlohmann::json;

// A span row; ids and times that keep every rule.
inline weave::Row SpanRow(std::string_view id, std::string_view parent = "") {
  weave::Row row;
  row.span_id = id;
  row.parent_span_id = parent;
  row.operation_name = "chat";
  row.service_name = "agent";
  row.start_ns = 1'700'000'000'123'456'789;
  row.duration_ns = 1'500'000;
  return row;
}

inline weave::Row LogRow(std::string_view id, std::string_view parent) {
  weave::Row row = SpanRow(id, parent);
  row.kind = weave::RowKind::kMessage;
  row.duration_ns = 0;
  return row;
}

inline weave::Woven WovenOf(std::vector<weave::Row> rows) {
  weave::Woven woven;
  woven.trace_id = "0af7651916cd43dd8448eb211c80319c";
  woven.rows = std::move(rows);
  return woven;
}

inline FrameColumns ReadBack(const weave::Woven& woven, TraceFrameOptions options = {}) {
  absl::StatusOr<FrameColumns> frame = ReadArrowFile(EncodeTraceFrame(woven, options).Flatten());
  EXPECT_TRUE(frame.ok()) << frame.status();
  return frame.ok() ? *std::move(frame) : FrameColumns();
}

inline const FrameColumn& ColumnOf(const FrameColumns& frame, std::string_view name) {
  for (const FrameColumn& column : frame.columns) {
    if (column.name == name) return column;
  }
  ADD_FAILURE() << "no column " << name;
  return frame.columns[0];
}

inline Json JsonCell(const FrameColumns& frame, std::string_view column, size_t row = 0) {
  Json cell = Json::parse(ColumnOf(frame, column).Cell(row), nullptr, false);
  EXPECT_FALSE(cell.is_discarded()) << ColumnOf(frame, column).Cell(row);
  return cell;
}

}  // namespace spanlog::frame
