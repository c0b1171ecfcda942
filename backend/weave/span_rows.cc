#include "weave/span_rows.h"

#include "weave/tags.h"

namespace spanlog::weave {

SpanRows::SpanRows(const Trace& trace, const SpanTree& tree, RowIds& ids, Arena& arena)
    : trace_(trace), tree_(tree), ids_(ids), arena_(arena), depths_(trace.spans.size(), 0) {
  ids_of_.reserve(trace.spans.size());
  for (const Span& span : trace.spans) ids_of_.push_back(ids.ForSpan(span.span_id));
  for (const uint32_t i : tree.top_down()) {
    const uint32_t parent = tree.parent(i);
    if (parent != kNoIndex) depths_[i] = depths_[parent] + 1;
  }
}

std::string_view SpanRows::service(uint32_t span) const {
  const std::string_view name = trace_.resource_of(trace_.spans[span]).service_name;
  // The name that Tempo's and Jaeger's own exporters give to a resource without one.
  return name.empty() ? "OTLPResourceNoServiceName" : name;
}

void SpanRows::Fill(uint32_t i, Row& row) const {
  const Span& span = trace_.spans[i];
  const Scope& scope = trace_.scope_of(span);
  row.span_id = ids_of_[i];
  const uint32_t parent = tree_.parent(i);
  if (parent != kNoIndex) {
    row.parent_span_id = ids_of_[parent];
  } else if (span.parent_span_id != 0 && !tree_.cycle_cut(i)) {
    row.parent_span_id = ids_.ForSpan(span.parent_span_id);
  }
  row.depth = depths_[i];
  row.operation_name = span.name;
  row.service_name = service(i);
  row.span_kind = span.kind;
  row.status = span.status;
  row.status_message = span.status_message;
  row.scope_name = scope.name;
  row.scope_version = scope.version;
  row.trace_state = span.trace_state;
  row.start_ns = span.start_ns;
  row.duration_ns = span.end_ns - span.start_ns;
  row.resource = trace_.resource_of(span).attributes;
  row.attributes = span.attributes;
  row.scope_attributes = scope.attributes;
  row.events = span.events;
  row.links = span.links;
  row.warnings = span.warnings;
}

void SpanRows::AddTo(std::vector<Row>& rows, const RollUp& usage) const {
  TagList tags;
  for (const uint32_t i : tree_.top_down()) {
    Row& row = rows.emplace_back();
    Fill(i, row);
    tags.Clear();
    AddUsageTags(usage.own[i], usage.subtree[i], arena_, tags);
    row.tags = tags.Take(arena_);
  }
}

}  // namespace spanlog::weave
