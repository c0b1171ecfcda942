#include "weave/spots.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace spanlog::weave {

Spots::Spots(const Trace& trace, const SpanRows& spans, std::string_view trace_id, Arena& arena)
    : spans_(spans),
      trace_id_(trace_id),
      arena_(arena),
      has_spans_(!trace.spans.empty()),
      start_ns_(std::numeric_limits<int64_t>::max()) {
  for (const Span& span : trace.spans) {
    start_ns_ = std::min(start_ns_, span.start_ns);
    end_ns_ = std::max(end_ns_, span.end_ns);
  }
}

RowSpot Spots::At(const Place& place, int64_t time_ns) {
  RowSpot spot;
  spot.match = place.match;
  if (place.span == kNoIndex) {
    if (root_id_.empty()) root_id_ = arena_.Copy(Concat("run-", trace_id_));
    spot.parent_id = root_id_;
    spot.service = "logs";
    spot.depth = 1;
  } else {
    spot.parent_id = spans_.id(place.span);
    spot.service = spans_.service(place.span);
    spot.depth = spans_.depth(place.span) + 1;
  }
  spot.start_ns = ClampToTrace(time_ns);
  return spot;
}

// A record up to a quarter of the trace's length outside is drawn where it is; one farther away
// would squeeze the trace itself and is drawn at the edge.
int64_t Spots::ClampToTrace(int64_t time_ns) {
  if (!has_spans_) {
    start_ns_ = std::min(start_ns_, time_ns);
    end_ns_ = std::max(end_ns_, time_ns);
    return time_ns;
  }
  const int64_t slack = std::max<int64_t>((end_ns_ - start_ns_) / 4, 1'000'000);
  if (time_ns >= start_ns_ - slack && time_ns <= end_ns_ + slack) return time_ns;
  return time_ns < start_ns_ ? start_ns_ : end_ns_;
}

Row Spots::SyntheticRoot() const {
  Row row;
  row.kind = RowKind::kRun;
  row.span_id = root_id_;
  row.operation_name = "log records without a trace";
  row.service_name = "logs";
  row.start_ns = start_ns_;
  row.duration_ns = end_ns_ - start_ns_ + 1'000'000;
  const Tag kind{kKindKey, Value::String("run"), TagFormat::kPlain};
  row.tags = arena_.CopyArray(absl::Span<const Tag>(&kind, 1));
  return row;
}

}  // namespace spanlog::weave
