// Trace frames made by hand for the terminal's tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "frame/trace_columns.h"
#include "weave/woven.h"

namespace spanlog::cli {

inline weave::Row RowOf(std::string_view id, std::string_view parent, std::string_view lane,
                        std::string_view name, int64_t start_ms, int64_t duration_ms) {
  weave::Row row;
  row.span_id = id;
  row.parent_span_id = parent;
  row.service_name = lane;
  row.operation_name = name;
  row.start_ns = 1'700'000'000'000'000'000 + start_ms * 1'000'000;
  row.duration_ns = duration_ms * 1'000'000;
  return row;
}

inline weave::Row LogRowOf(std::string_view id, std::string_view parent, std::string_view lane,
                           std::string_view name, int64_t start_ms) {
  static const weave::Tag kKind{weave::kKindKey, Value::String("log")};
  weave::Row row = RowOf(id, parent, lane, name, start_ms, 0);
  row.kind = weave::RowKind::kLog;
  row.tags = absl::Span<const weave::Tag>(&kKind, 1);
  return row;
}

inline weave::Woven WovenOf(std::vector<weave::Row> rows) {
  weave::Woven woven;
  woven.trace_id = "0af7651916cd43dd8448eb211c80319c";
  woven.rows = std::move(rows);
  return woven;
}

inline frame::FrameColumns FrameOf(std::vector<weave::Row> rows) {
  return frame::BuildTraceColumns(WovenOf(std::move(rows)), {});
}

}  // namespace spanlog::cli
