#include "weave/place.h"

#include <algorithm>

namespace spanlog::weave {
namespace {
// Jaeger and Zipkin cut times to microseconds, so a record may precede its span by less than one.
constexpr int64_t kClockGrainNs = 1000;
}  // namespace

Placer::Placer(const Trace& trace, const SpanTree& tree) : trace_(trace), tree_(tree) {
  by_start_.resize(trace.spans.size());
  for (uint32_t i = 0; i < by_start_.size(); ++i) {
    by_start_[i] = i;
    const Span& span = trace.spans[i];
    if (span.emitted_span_id == 0 || tree.parent(i) == kNoIndex ||
        tree.parent(i) != tree.Find(span.emitted_span_id)) {
      continue;
    }
    other_halves_[span.emitted_span_id].try_emplace(trace.resource_of(span).service_name, i);
  }
  std::stable_sort(by_start_.begin(), by_start_.end(), [&](uint32_t a, uint32_t b) {
    return trace.spans[a].start_ns < trace.spans[b].start_ns;
  });
}

// Both halves of a Zipkin RPC log the same span id; the record's service tells which half wrote it.
uint32_t Placer::NamedBy(const LogRecord& record) const {
  if (record.span_id == 0) return kNoIndex;
  const uint32_t named = tree_.Find(record.span_id);
  if (named == kNoIndex || record.service.empty()) return named;
  if (trace_.resource_of(trace_.spans[named]).service_name == record.service) return named;
  const auto halves = other_halves_.find(record.span_id);
  if (halves == other_halves_.end()) return named;
  const auto half = halves->second.find(record.service);
  return half == halves->second.end() ? named : half->second;
}

Place Placer::Find(const LogRecord& record, const RecordView& view) const {
  const uint32_t named = NamedBy(record);
  if (named != kNoIndex) {
    if (view.span != kNoIndex && view.span != named && tree_.IsSameOrAbove(view.span, named)) {
      return {view.span, view.match};
    }
    return {named, "span_id"};
  }
  if (view.span != kNoIndex) return {view.span, view.match};
  const uint32_t covering = InnermostAt(record);
  if (covering != kNoIndex) return {covering, "time"};
  return {tree_.root(), "root"};
}

// The span that started last among those that cover the time. Looks back over a bounded number of
// spans, so that a record of a huge trace costs no walk over all of it.
uint32_t Placer::InnermostAt(const LogRecord& record) const {
  if (record.service.empty()) return kNoIndex;
  constexpr int kMaxLookBack = 4096;
  auto after = std::upper_bound(
      by_start_.begin(), by_start_.end(), record.time_ns + kClockGrainNs,
      [&](int64_t time, uint32_t span) { return time < trace_.spans[span].start_ns; });
  for (int looked = 0; after != by_start_.begin() && looked < kMaxLookBack; ++looked) {
    const Span& span = trace_.spans[*--after];
    if (span.end_ns + kClockGrainNs < record.time_ns) continue;
    if (trace_.resource_of(span).service_name == record.service) return *after;
  }
  return kNoIndex;
}

}  // namespace spanlog::weave
