#include "frame/columns.h"

#include <cstring>
#include <utility>

namespace spanlog::frame {

FrameColumn::FrameColumn(std::string column_name, ColumnType column_type, size_t rows)
    : name(std::move(column_name)), type(column_type) {
  if (type == ColumnType::kText || type == ColumnType::kJson) {
    offsets.reserve(rows + 1);
    offsets.push_back(0);
  } else {
    data.Reserve(rows * 8);
  }
}

void FrameColumn::AddText(std::string_view text) {
  if (data.size() + text.size() <= kMaxColumnBytes) data.Append(text);
  EndCell();
}

void FrameColumn::SetNull(size_t row, size_t all_rows) {
  if (nulls.empty()) nulls.assign((all_rows + 7) / 8, 0xFF);
  nulls[row / 8] &= static_cast<uint8_t>(~(1u << (row % 8)));
  ++null_count;
}

size_t FrameColumn::rows() const { return offsets.empty() ? data.size() / 8 : offsets.size() - 1; }

int64_t FrameColumn::Int(size_t row) const {
  int64_t value;
  std::memcpy(&value, data.data() + row * 8, 8);
  return value;
}

double FrameColumn::Real(size_t row) const {
  double value;
  std::memcpy(&value, data.data() + row * 8, 8);
  return value;
}

}  // namespace spanlog::frame
