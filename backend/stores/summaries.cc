#include "stores/summaries.h"

#include <algorithm>
#include <utility>

#include "stores/agent_spans.h"

namespace spanlog::stores {

void Summaries::Add(const TraceId& trace, std::string_view service, bool is_root,
                    SummarySpan span) {
  const int64_t start_ns = span.start_ns;
  const auto [entry, added] = index_.try_emplace(trace, hits_.size());
  if (added) {
    hits_.emplace_back();
    hits_.back().summary.id = trace;
    hits_.back().summary.errors = 0;
  }
  Hit& hit = hits_[entry->second];
  if (start_ns > 0 && (hit.summary.start_ns == 0 || start_ns < hit.summary.start_ns)) {
    hit.summary.start_ns = start_ns;
  }
  hit.end_ns = std::max(hit.end_ns, span.end_ns);
  hit.summary.errors += span.error;
  hit.parents.emplace_back(span.id, span.parent);
  // The root names the trace; without one the earliest span does.
  const bool better = is_root ? !hit.has_root || start_ns < hit.named_by_ns
                              : !hit.has_root && (added || start_ns < hit.named_by_ns);
  if (better) {
    hit.summary.root_service = service;
    hit.summary.root_name = span.name;
    hit.named_by_ns = start_ns;
    hit.has_root |= is_root;
  }
  if (IsAgentSpan(span)) hit.summary.spans.push_back(std::move(span));
}

std::vector<TraceSummary> Summaries::Take() {
  std::vector<TraceSummary> out;
  for (Hit& hit : hits_) {
    LinkToNearest(hit.parents, hit.summary.spans);
    hit.summary.duration_ms = std::max<int64_t>(hit.end_ns - hit.summary.start_ns, 0) / 1'000'000;
    out.push_back(std::move(hit.summary));
  }
  std::stable_sort(out.begin(), out.end(), [](const TraceSummary& a, const TraceSummary& b) {
    return a.start_ns > b.start_ns;
  });
  return out;
}

}  // namespace spanlog::stores
