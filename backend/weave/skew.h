// Clock skew between services, estimated from requests: what a client span saw must
// hold what the server span below it saw.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "model/trace.h"
#include "weave/span_tree.h"

namespace spanlog::weave {

struct ServiceSkew {
  std::string_view service;
  int64_t ahead_ns = 0;  // of the root span's service; negative: behind
  size_t pairs = 0;      // requests that tell of it
};

// Only services whose server spans stick out of their client spans for most of their requests; a
// span that outlives its parent (asynchronous work) tells nothing of clocks. Estimates are medians,
// carried from service to service down from the root's.
std::vector<ServiceSkew> EstimateSkew(const Trace& trace, const SpanTree& tree);

// The trace with each such service's times moved onto the root service's clock; moved spans say so
// in a warning. Shares the arena of `trace`.
Trace WithoutSkew(const Trace& trace, const std::vector<ServiceSkew>& skews);

// How much a record of this service is to be moved: minus its skew.
int64_t ShiftOf(const std::vector<ServiceSkew>& skews, std::string_view service);

// A time that a shift moves, kept where the view can draw it: after 1970 and not after
// kLatestTimeNs.
int64_t Moved(int64_t time_ns, int64_t shift_ns);

// "The clock of stock seems to be 3 s ahead of that of web (12 requests)."
std::string SkewText(const ServiceSkew& skew, std::string_view reference, bool corrected);

}  // namespace spanlog::weave
