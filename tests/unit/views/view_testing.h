// Woven traces made by hand and tables as a reader sees them.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frame/table.h"
#include "weave/woven.h"

namespace spanlog::views {

inline constexpr int64_t kStart = 1'700'000'000'000'000'000;
inline constexpr int64_t kMs = 1'000'000;

// Times are milliseconds after kStart.
inline weave::Call CallOf(CallKind kind, std::string_view name, int64_t from_ms, int64_t to_ms,
                          uint32_t parent = kNoIndex) {
  weave::Call call;
  call.kind = kind;
  call.name = name;
  call.service = "svc";
  call.parent = parent;
  call.start_ns = kStart + from_ms * kMs;
  call.duration_ns = (to_ms - from_ms) * kMs;
  return call;
}

inline weave::Row RowOf(weave::Woven& woven, weave::RowKind kind, std::string_view id,
                        int64_t at_ms, std::vector<weave::Tag> tags,
                        std::vector<Attribute> labels = {}) {
  weave::Row row;
  row.kind = kind;
  row.span_id = id;
  row.start_ns = kStart + at_ms * kMs;
  row.tags = woven.arena->CopyArray(tags);
  row.resource = woven.arena->CopyArray(labels);
  return row;
}

inline weave::Tag TextTag(std::string_view key, std::string_view value) {
  return {key, Value::String(value), weave::TagFormat::kPlain};
}

inline const frame::Column& ColumnOf(const frame::Table& table, std::string_view name) {
  for (const frame::Column& column : table.columns) {
    if (column.name == name) return column;
  }
  ADD_FAILURE() << "no column " << name;
  return table.columns[0];
}
inline const std::vector<std::string>& Texts(const frame::Table& table, std::string_view name) {
  return std::get<std::vector<std::string>>(ColumnOf(table, name).data);
}
inline const std::vector<int64_t>& Counts(const frame::Table& table, std::string_view name) {
  return std::get<std::vector<int64_t>>(ColumnOf(table, name).data);
}
inline const std::vector<double>& Numbers(const frame::Table& table, std::string_view name) {
  return std::get<std::vector<double>>(ColumnOf(table, name).data);
}

}  // namespace spanlog::views
