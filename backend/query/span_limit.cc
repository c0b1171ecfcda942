#include "query/span_limit.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/text.h"
#include "query/model_calls.h"
#include "weave/span_tree.h"

namespace spanlog::query {
namespace {

constexpr size_t kMostSteps = size_t{1} << 24;

enum Rank : uint8_t { kTold, kFailed, kOther, kRanks };

// The spans in the order in which they are wanted.
std::vector<uint32_t> ByWorth(const Trace& trace, const LogBatch& logs) {
  absl::flat_hash_set<uint64_t> named;
  for (const LogRecord& record : logs.records) {
    if (record.span_id != 0) named.insert(record.span_id);
  }
  std::vector<uint8_t> rank(trace.spans.size(), kOther);
  std::vector<uint32_t> order(trace.spans.size());
  for (uint32_t i = 0; i < trace.spans.size(); ++i) {
    const Span& span = trace.spans[i];
    order[i] = i;
    if (span.status == StatusCode::kError) rank[i] = kFailed;
    if (named.contains(span.span_id) || named.contains(span.emitted_span_id) || IsModelCall(span)) {
      rank[i] = kTold;
    }
  }
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    if (rank[a] != rank[b]) return rank[a] < rank[b];
    return trace.spans[a].start_ns < trace.spans[b].start_ns;
  });
  return order;
}

// Marks `span` and what is above it when all of it fits into what is left. `steps` are those that
// may still be walked in vain: below a long chain each span would walk all of it.
void Keep(const weave::SpanTree& tree, uint32_t span, std::vector<bool>& kept, size_t& left,
          size_t& steps) {
  constexpr size_t kAlways = 64;
  size_t missing = 0;
  for (uint32_t at = span; at != kNoIndex && !kept[at]; at = tree.parent(at)) {
    if (++missing > left || (missing > kAlways && missing > steps)) {
      steps -= std::min(steps, missing);
      return;
    }
  }
  left -= missing;
  for (uint32_t at = span; at != kNoIndex && !kept[at]; at = tree.parent(at)) kept[at] = true;
}

}  // namespace

void LimitSpans(Trace& trace, const LogBatch& logs, size_t limit) {
  const size_t all = trace.spans.size();
  if (all <= limit || limit == 0) return;
  const weave::SpanTree tree(trace);
  std::vector<bool> kept(all, false);
  size_t left = limit;
  size_t steps = kMostSteps;
  if (tree.root() != kNoIndex) Keep(tree, tree.root(), kept, left, steps);
  for (const uint32_t span : ByWorth(trace, logs)) {
    if (left == 0) break;
    Keep(tree, span, kept, left, steps);
  }
  std::vector<Span> spans;
  spans.reserve(limit);
  for (size_t i = 0; i < all; ++i) {
    if (kept[i]) spans.push_back(trace.spans[i]);
  }
  trace.spans = std::move(spans);
  trace.warnings.push_back(Concat(
      "Only ", trace.spans.size(), " of the trace's ", all, " spans are shown, ",
      all - trace.spans.size(),
      " are left out: the limit is reached. Spans with log records, model calls and errors were "
      "kept first. Raise limits.spans in the datasource's settings to see more."));
}

}  // namespace spanlog::query
