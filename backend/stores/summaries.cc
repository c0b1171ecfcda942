#include "stores/summaries.h"

#include <algorithm>

namespace spanlog::stores {

void Summaries::Add(const TraceId& trace, std::string_view service, std::string_view name,
                    bool is_root, int64_t start_ns, int64_t end_ns) {
  const auto [entry, added] = index_.try_emplace(trace, hits_.size());
  if (added) {
    hits_.emplace_back();
    hits_.back().summary.id = trace;
  }
  Hit& hit = hits_[entry->second];
  if (start_ns > 0 && (hit.summary.start_ns == 0 || start_ns < hit.summary.start_ns)) {
    hit.summary.start_ns = start_ns;
  }
  hit.end_ns = std::max(hit.end_ns, end_ns);
  // The root names the trace; without one the earliest span does.
  const bool better = is_root ? !hit.has_root || start_ns < hit.named_by_ns
                              : !hit.has_root && (added || start_ns < hit.named_by_ns);
  if (!better) return;
  hit.summary.root_service = service;
  hit.summary.root_name = name;
  hit.named_by_ns = start_ns;
  hit.has_root |= is_root;
}

std::vector<TraceSummary> Summaries::Take() {
  std::vector<TraceSummary> out;
  for (Hit& hit : hits_) {
    hit.summary.duration_ms = std::max<int64_t>(hit.end_ns - hit.summary.start_ns, 0) / 1'000'000;
    out.push_back(std::move(hit.summary));
  }
  std::stable_sort(out.begin(), out.end(), [](const TraceSummary& a, const TraceSummary& b) {
    return a.start_ns > b.start_ns;
  });
  return out;
}

}  // namespace spanlog::stores
