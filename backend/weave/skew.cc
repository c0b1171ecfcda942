#include "weave/skew.h"

#include <algorithm>

#include "weave/titles.h"

namespace spanlog::weave {
namespace {

// Clocks kept by NTP agree within a millisecond or so; less is no skew worth telling.
constexpr int64_t kWorthTellingNs = 2'000'000;

struct Edge {
  std::vector<int64_t> offsets;  // how far the server's clock is ahead, one per request
  size_t outside = 0;            // server spans that stick out of their client span
};

int64_t Median(std::vector<int64_t>& values) {
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string_view ServiceOf(const Trace& trace, const Span& span) {
  return trace.resource_of(span).service_name;
}

// Times are at most twice this, so that what is added up along a path of services stays a number.
constexpr int64_t kLargestSkewNs = kLatestTimeNs / 2;

}  // namespace

int64_t Moved(int64_t time_ns, int64_t shift_ns) {
  return std::clamp<int64_t>(time_ns + shift_ns, 1, kLatestTimeNs);
}

std::vector<ServiceSkew> EstimateSkew(const Trace& trace, const SpanTree& tree) {
  if (tree.root() == kNoIndex) return {};
  StringMap<StringMap<Edge>> edges;  // by client service, by server service
  for (const uint32_t i : tree.top_down()) {
    const uint32_t p = tree.parent(i);
    if (p == kNoIndex) continue;
    const Span& parent = trace.spans[p];
    const Span& child = trace.spans[i];
    const std::string_view from = ServiceOf(trace, parent);
    const std::string_view to = ServiceOf(trace, child);
    if (from == to || child.kind != SpanKind::kServer || parent.kind == SpanKind::kProducer)
      continue;
    // A server span longer than its client span outlived it; nothing can be said of its clock.
    if (child.end_ns - child.start_ns > parent.end_ns - parent.start_ns) continue;
    Edge& edge = edges[from][to];
    edge.offsets.push_back(((child.start_ns - parent.start_ns) + (child.end_ns - parent.end_ns)) /
                           2);
    if (child.start_ns < parent.start_ns || child.end_ns > parent.end_ns) ++edge.outside;
  }

  std::vector<ServiceSkew> skews;
  StringMap<int64_t> known;
  std::vector<std::string_view> open = {ServiceOf(trace, trace.spans[tree.root()])};
  known[open[0]] = 0;
  while (!open.empty()) {
    const std::string_view from = open.back();
    open.pop_back();
    const auto found = edges.find(from);
    if (found == edges.end()) continue;
    for (auto& [to, edge] : found->second) {
      if (known.contains(to)) continue;
      const size_t pairs = edge.offsets.size();
      const bool skewed = edge.outside * 2 > pairs;
      const int64_t ahead = std::clamp(known[from] + (skewed ? Median(edge.offsets) : 0),
                                       -kLargestSkewNs, kLargestSkewNs);
      known[to] = ahead;
      open.push_back(to);
      if (std::abs(ahead) >= kWorthTellingNs) skews.push_back({to, ahead, pairs});
    }
  }
  std::sort(skews.begin(), skews.end(),
            [](const ServiceSkew& a, const ServiceSkew& b) { return a.service < b.service; });
  return skews;
}

int64_t ShiftOf(const std::vector<ServiceSkew>& skews, std::string_view service) {
  const auto found = std::lower_bound(
      skews.begin(), skews.end(), service,
      [](const ServiceSkew& skew, std::string_view name) { return skew.service < name; });
  return found == skews.end() || found->service != service ? 0 : -found->ahead_ns;
}

Trace WithoutSkew(const Trace& trace, const std::vector<ServiceSkew>& skews) {
  Trace moved = trace;
  for (Span& span : moved.spans) {
    const int64_t shift = ShiftOf(skews, ServiceOf(trace, span));
    if (shift == 0) continue;
    span.start_ns = Moved(span.start_ns, shift);
    span.end_ns = Moved(span.end_ns, shift);
    std::vector<SpanEvent> events(span.events.begin(), span.events.end());
    for (SpanEvent& event : events) event.time_ns = Moved(event.time_ns, shift);
    span.events = moved.arena->CopyArray(events);
    std::vector<std::string_view> warnings(span.warnings.begin(), span.warnings.end());
    warnings.push_back(
        moved.arena->Copy(Concat("Moved ", DurationText(shift), shift < 0 ? " back" : " forward",
                                 " to correct the clock of its service.")));
    span.warnings = moved.arena->CopyArray(warnings);
  }
  return moved;
}

std::string SkewText(const ServiceSkew& skew, std::string_view reference, bool corrected) {
  return Concat("The clock of ", skew.service, " seems to be ", DurationText(skew.ahead_ns),
                skew.ahead_ns > 0 ? " ahead of" : " behind", " that of ", reference, " (",
                skew.pairs, skew.pairs == 1 ? " request)." : " requests).",
                corrected ? " Its spans and records are moved to correct it."
                          : " Set correctClockSkew in the datasource to have it corrected.");
}

}  // namespace spanlog::weave
