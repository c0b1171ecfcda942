#include "frame/trace_columns.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "frame/cell_writer.h"
#include "frame/frame_meta.h"
#include "frame/reference_cell.h"
#include "frame/text_budget.h"

namespace spanlog::frame {
namespace {

std::string_view KindWord(SpanKind kind) {
  switch (kind) {
    case SpanKind::kInternal:
      return "internal";
    case SpanKind::kServer:
      return "server";
    case SpanKind::kClient:
      return "client";
    case SpanKind::kProducer:
      return "producer";
    case SpanKind::kConsumer:
      return "consumer";
    default:
      return "";
  }
}

// The nearest double: one rounding, where ns as a double would be a first one.
double Millis(int64_t ns) {
  return static_cast<double>(ns / 1'000'000) + static_cast<double>(ns % 1'000'000) / 1e6;
}

// Names and ids are no place for a text of megabytes.
std::string_view Short(std::string_view text) {
  constexpr size_t kLongestName = 16 << 10;
  return text.size() <= kLongestName ? text : CutUtf8(text, kLongestName);
}

// What a row keeps when the frame is full.
bool IsOurs(std::string_view key) {
  return StartsWith(key, "@") || StartsWith(key, "spanlog.") || StartsWith(key, "message.") ||
         StartsWith(key, "log.") || key == weave::kSummaryKey;
}

// The trace's topmost row: where the view's reader looks for what is wrong with the whole.
size_t RootRow(const weave::Woven& woven) {
  for (size_t i = 0; i < woven.rows.size(); ++i) {
    if (woven.rows[i].parent_span_id.empty()) return i;
  }
  return 0;
}

class TraceColumns {
 public:
  TraceColumns(const weave::Woven& woven, const TraceFrameOptions& options)
      : woven_(woven),
        options_(options),
        budget_(woven, options.max_attribute_bytes, options.max_frame_bytes),
        cells_(budget_),
        references_(woven) {}

  FrameColumns Build() {
    for (const weave::Row& row : woven_.rows) AddRow(row);
    const std::string notice = budget_.Notice();
    AddWarnings(notice);

    FrameColumns frame;
    frame.name = "Trace";
    frame.ref_id = ToValidUtf8(options_.ref_id);
    std::vector<weave::Notice> notices = woven_.notices;
    if (!notice.empty()) notices.push_back({weave::NoticeSeverity::kWarning, notice});
    frame.meta_json = TraceMetaJson(notices, woven_.partial, options_.executed_query);
    for (FrameColumn* column :
         {&trace_id_, &span_id_, &parent_span_id_, &operation_name_, &service_name_, &kind_,
          &status_code_, &status_message_, &scope_name_, &scope_version_, &trace_state_,
          &service_tags_, &start_time_, &duration_, &logs_, &links_, &tags_, &warnings_,
          &stack_traces_}) {
      frame.columns.push_back(std::move(*column));
    }
    for (const LinkColumn& links : options_.links) frame.columns.push_back(LinksOf(links));
    return frame;
  }

 private:
  FrameColumn Column(const char* name, ColumnType type) {
    return FrameColumn(name, type, woven_.rows.size());
  }

  FrameColumn LinksOf(const LinkColumn& links) {
    FrameColumn column = Column(links.name.c_str(), ColumnType::kText);
    column.nullable = true;
    column.config_json = LinksConfigJson(links.links_json);
    for (size_t row = 0; row < links.cells.size(); ++row) {
      column.AddText(links.cells[row]);
      if (links.cells[row].data() == nullptr) column.SetNull(row, links.cells.size());
    }
    return column;
  }

  void AddRow(const weave::Row& row) {
    trace_id_.AddText(woven_.trace_id);
    span_id_.AddText(row.span_id);
    parent_span_id_.AddText(row.parent_span_id);
    operation_name_.AddText(Short(row.operation_name));
    service_name_.AddText(Short(row.service_name));
    kind_.AddText(KindWord(row.span_kind));
    status_code_.AddInt(static_cast<int64_t>(row.status));
    status_message_.AddText(Short(row.status_message));
    scope_name_.AddText(Short(row.scope_name));
    scope_version_.AddText(Short(row.scope_version));
    trace_state_.AddText(Short(row.trace_state));
    start_time_.AddReal(Millis(row.start_ns));
    duration_.AddReal(Millis(row.duration_ns));
    if (budget_.full()) {
      AddBareCells(row);
    } else {
      AddCells(row);
    }
    for (FrameColumn* column : {&service_tags_, &logs_, &links_, &tags_, &stack_traces_}) {
      column->EndCell();
    }
    budget_.Written(span_id_.data.size() * 4 + operation_name_.data.size() +
                    status_message_.data.size() + service_tags_.data.size() + logs_.data.size() +
                    links_.data.size() + tags_.data.size() + stack_traces_.data.size());
  }

  void AddCells(const weave::Row& row) {
    cells_.set_full_text_at(row.kind == weave::RowKind::kSpan ? "the span in the trace store"
                                                              : "the record in the log store");
    shared_.Append(service_tags_.data, row.resource, cells_);
    cells_.AppendEvents(logs_.data, row.events);
    references_.Append(links_.data, row, cells_);
    cells_.Open(tags_.data);
    cells_.Add(tags_.data, row.attributes);
    cells_.Add(tags_.data, row.scope_attributes);
    cells_.Add(tags_.data, row.tags);
    references_.AddLeftOut(tags_.data, row, cells_);
    cells_.Close(tags_.data);
    // The view draws a stack trace as `type:"code"`, which is HTML.
    cells_.AppendStrings(stack_traces_.data, row.stack_traces, Escape::kHtml);
  }

  void AddBareCells(const weave::Row& row) {
    budget_.CountBareRow();
    for (FrameColumn* column : {&service_tags_, &logs_, &links_, &stack_traces_}) {
      column->data.Append("[]");
    }
    cells_.Open(tags_.data);
    for (const weave::Tag& tag : row.tags) {
      if (IsOurs(tag.key)) cells_.AddPair(tags_.data, tag.key, tag.value, tag.format);
    }
    cells_.Close(tags_.data);
  }

  // Last, because only then is known what was cut. Warnings are never cut for the budget.
  void AddWarnings(std::string_view notice) {
    const size_t root = RootRow(woven_);
    for (size_t i = 0; i < woven_.rows.size(); ++i) {
      Buffer& out = warnings_.data;
      out.Append('[');
      for (const std::string_view warning : woven_.rows[i].warnings) AddWarning(warning);
      if (i == root && !notice.empty()) AddWarning(notice);
      if (out.last() == ',') out.DropLast();
      out.Append(']');
      warnings_.EndCell();
    }
  }

  void AddWarning(std::string_view warning) {
    AppendJsonString(warnings_.data, Short(warning));
    warnings_.data.Append(',');
  }

  const weave::Woven& woven_;
  const TraceFrameOptions& options_;
  TextBudget budget_;
  CellWriter cells_;
  SharedCells shared_;
  ReferenceCell references_;

  FrameColumn trace_id_ = Column("traceID", ColumnType::kText);
  FrameColumn span_id_ = Column("spanID", ColumnType::kText);
  FrameColumn parent_span_id_ = Column("parentSpanID", ColumnType::kText);
  FrameColumn operation_name_ = Column("operationName", ColumnType::kText);
  FrameColumn service_name_ = Column("serviceName", ColumnType::kText);
  FrameColumn kind_ = Column("kind", ColumnType::kText);
  FrameColumn status_code_ = Column("statusCode", ColumnType::kInt);
  FrameColumn status_message_ = Column("statusMessage", ColumnType::kText);
  FrameColumn scope_name_ = Column("instrumentationLibraryName", ColumnType::kText);
  FrameColumn scope_version_ = Column("instrumentationLibraryVersion", ColumnType::kText);
  FrameColumn trace_state_ = Column("traceState", ColumnType::kText);
  FrameColumn service_tags_ = Column("serviceTags", ColumnType::kJson);
  FrameColumn start_time_ = Column("startTime", ColumnType::kReal);
  FrameColumn duration_ = Column("duration", ColumnType::kReal);
  FrameColumn logs_ = Column("logs", ColumnType::kJson);
  FrameColumn links_ = Column("references", ColumnType::kJson);
  FrameColumn tags_ = Column("tags", ColumnType::kJson);
  FrameColumn warnings_ = Column("warnings", ColumnType::kJson);
  FrameColumn stack_traces_ = Column("stackTraces", ColumnType::kJson);
};

}  // namespace

FrameColumns BuildTraceColumns(const weave::Woven& woven, const TraceFrameOptions& options) {
  return TraceColumns(woven, options).Build();
}

}  // namespace spanlog::frame
