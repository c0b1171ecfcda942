// A frame as columns in the layout that Arrow has, before it becomes a file or JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frame/buffer.h"

namespace spanlog::frame {

enum class ColumnType : uint8_t {
  kText,
  kJson,   // one JSON value per row, never empty
  kInt,    // int64
  kReal,   // float64
  kTimes,  // ns since the epoch
};

struct FrameColumn {
  FrameColumn(std::string column_name, ColumnType column_type, size_t rows);

  // For kText: one row. Text beyond what 32-bit offsets can address is left out.
  void AddText(std::string_view text);
  // For kJson: one row, made of what was appended to `data` since the last one.
  void EndCell() { offsets.push_back(static_cast<int32_t>(data.size())); }
  // For the other types: one row.
  void AddInt(int64_t value) { data.AppendScalar(value); }
  void AddReal(double value) { data.AppendScalar(value); }

  // Makes a row of a nullable column a null. REQUIRES: row < all_rows, once per row.
  void SetNull(size_t row, size_t all_rows);

  size_t rows() const;
  std::string_view Cell(size_t row) const {  // kText, kJson
    return data.view().substr(static_cast<size_t>(offsets[row]),
                              static_cast<size_t>(offsets[row + 1] - offsets[row]));
  }
  int64_t Int(size_t row) const;
  double Real(size_t row) const;
  bool IsNull(size_t row) const {
    return !nulls.empty() && (nulls[row / 8] & (1u << (row % 8))) == 0;
  }

  std::string name;
  ColumnType type;
  bool nullable = false;
  std::string config_json;
  std::string labels_json;
  Buffer data;
  std::vector<int32_t> offsets;  // rows + 1 for kText and kJson
  std::vector<uint8_t> nulls;    // Arrow's bitmap: a 0 bit is a null; empty: none is
  int64_t null_count = 0;
};

struct FrameColumns {
  std::string name;
  std::string ref_id;
  std::string meta_json;
  std::vector<FrameColumn> columns;

  size_t rows() const { return columns.empty() ? 0 : columns[0].rows(); }
};

// One column ends here, so that 32-bit offsets hold whatever a last cell adds.
inline constexpr size_t kMaxColumnBytes = size_t{1} << 30;

}  // namespace spanlog::frame
