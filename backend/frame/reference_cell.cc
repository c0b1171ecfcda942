#include "frame/reference_cell.h"

#include <optional>

#include "model/ids.h"

namespace spanlog::frame {
namespace {

class SpanHex {
 public:
  explicit SpanHex(uint64_t id) { WriteHex64(id, text_); }
  std::string_view view() const { return {text_, sizeof(text_)}; }

 private:
  char text_[16];
};

}  // namespace

bool ReferenceCell::HasSpan(std::string_view span_id) {
  if (span_ids_.empty()) {
    span_ids_.reserve(woven_.rows.size());
    for (const weave::Row& row : woven_.rows) span_ids_.insert(row.span_id);
  }
  return span_ids_.contains(span_id);
}

bool ReferenceCell::IsOrphan(const weave::Row& row) {
  return row.parent_span_id.empty() || !HasSpan(row.parent_span_id);
}

void ReferenceCell::Append(Buffer& out, const weave::Row& row, CellWriter& cells) {
  out.Append('[');
  if (row.kind == weave::RowKind::kSpan && !row.links.empty()) {
    const bool orphan = IsOrphan(row);
    for (const SpanLink& link : row.links) {
      const SpanHex span_id(link.span_id);
      if (orphan && HasSpan(span_id.view())) continue;
      out.Append("{\"traceID\":\"");
      // The frame's own trace must read as its rows do, or the view takes it for another one.
      const bool own = ParseTraceId(woven_.trace_id) == link.trace_id;
      AppendJsonText(out, own ? woven_.trace_id : link.trace_id.Hex());
      out.Append("\",\"spanID\":\"");
      out.Append(span_id.view());
      out.Append("\",\"tags\":");
      cells.Open(out);
      cells.Add(out, link.attributes);
      if (!link.trace_state.empty()) {
        const Value state = Value::String(link.trace_state);
        cells.AddPair(out, "trace_state", state);
      }
      cells.Close(out);
      out.Append("},");
    }
    if (out.last() == ',') out.DropLast();
  }
  out.Append(']');
}

void ReferenceCell::AddLeftOut(Buffer& out, const weave::Row& row, CellWriter& cells) {
  if (row.kind != weave::RowKind::kSpan || row.links.empty() || !IsOrphan(row)) return;
  left_out_.clear();
  for (const SpanLink& link : row.links) {
    const SpanHex span_id(link.span_id);
    if (HasSpan(span_id.view()))
      spanlog::Append(left_out_, left_out_.empty() ? "" : ", ", span_id.view());
  }
  if (left_out_.empty()) return;
  left_out_value_ = Value::String(left_out_);
  cells.AddPair(out, "spanlog.links", left_out_value_);
}

}  // namespace spanlog::frame
