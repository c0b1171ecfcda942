#include "frame/frame_json.h"

#include "frame/json_text.h"

namespace spanlog::frame {
namespace {

struct TypeWords {
  std::string_view type;
  std::string_view go_type;
};

TypeWords WordsOf(ColumnType type) {
  switch (type) {
    case ColumnType::kText:
      return {"string", "string"};
    case ColumnType::kJson:
      return {"other", "json.RawMessage"};
    case ColumnType::kInt:
      return {"number", "int64"};
    case ColumnType::kReal:
      return {"number", "float64"};
    case ColumnType::kTimes:
      break;
  }
  return {"time", "time.Time"};
}

void AppendMember(Buffer& out, std::string_view name, std::string_view json) {
  if (json.empty()) return;
  out.Append(",\"");
  out.Append(name);
  out.Append("\":");
  out.Append(json);
}

void AppendField(Buffer& out, const FrameColumn& column) {
  const TypeWords words = WordsOf(column.type);
  out.Append("{\"name\":");
  AppendJsonString(out, column.name);
  out.Append(",\"type\":\"");
  out.Append(words.type);
  out.Append("\",\"typeInfo\":{\"frame\":\"");
  out.Append(words.go_type);
  out.Append(column.nullable ? "\",\"nullable\":true}" : "\"}");
  AppendMember(out, "labels", column.labels_json);
  AppendMember(out, "config", column.config_json);
  out.Append('}');
}

int64_t FloorMillis(int64_t ns) { return ns / 1'000'000 - (ns % 1'000'000 < 0 ? 1 : 0); }

void AppendCell(Buffer& out, const FrameColumn& column, size_t row) {
  if (column.IsNull(row)) return out.Append("null");
  switch (column.type) {
    case ColumnType::kText:
      return AppendJsonString(out, column.Cell(row));
    case ColumnType::kJson:
      return out.Append(column.Cell(row));
    case ColumnType::kInt:
      return AppendDecimal(out, column.Int(row));
    case ColumnType::kReal:
      return AppendJsonReal(out, column.Real(row));
    case ColumnType::kTimes:
      return AppendDecimal(out, FloorMillis(column.Int(row)));
  }
}

// One entry per column: the nanoseconds that `values` has not, null where there are none.
void AppendNanos(Buffer& out, const FrameColumns& frame) {
  bool any = false;
  for (const FrameColumn& column : frame.columns) any |= column.type == ColumnType::kTimes;
  if (!any) return;
  out.Append(",\"nanos\":[");
  for (const FrameColumn& column : frame.columns) {
    if (&column != frame.columns.data()) out.Append(',');
    if (column.type != ColumnType::kTimes) {
      out.Append("null");
      continue;
    }
    out.Append('[');
    for (size_t row = 0; row < column.rows(); ++row) {
      if (row > 0) out.Append(',');
      AppendDecimal(out, column.Int(row) - FloorMillis(column.Int(row)) * 1'000'000);
    }
    out.Append(']');
  }
  out.Append(']');
}

}  // namespace

std::string ToFrameJson(const FrameColumns& frame) {
  Buffer out;
  out.Append("{\"schema\":{\"name\":");
  AppendJsonString(out, frame.name);
  if (!frame.ref_id.empty()) {
    out.Append(",\"refId\":");
    AppendJsonString(out, frame.ref_id);
  }
  AppendMember(out, "meta", frame.meta_json);
  out.Append(",\"fields\":[");
  for (const FrameColumn& column : frame.columns) {
    if (&column != frame.columns.data()) out.Append(',');
    AppendField(out, column);
  }
  out.Append("]},\"data\":{\"values\":[");
  for (const FrameColumn& column : frame.columns) {
    if (&column != frame.columns.data()) out.Append(',');
    out.Append('[');
    for (size_t row = 0; row < column.rows(); ++row) {
      if (row > 0) out.Append(',');
      AppendCell(out, column, row);
    }
    out.Append(']');
  }
  out.Append(']');
  AppendNanos(out, frame);
  out.Append("}}");
  return std::string(out.view());
}

}  // namespace spanlog::frame
