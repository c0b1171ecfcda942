#include "genai/covering.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "model/message.h"

namespace spanlog::genai {
namespace {
constexpr size_t kNowhere = std::numeric_limits<size_t>::max();
}  // namespace

Covering::Covering(const Trace& trace, const std::vector<uint32_t>& spans) : trace_(trace) {
  std::vector<uint32_t> order(spans.size());
  std::iota(order.begin(), order.end(), 0u);
  // The first of equal starts comes last.
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    const int64_t x = trace.spans[spans[a]].start_ns, y = trace.spans[spans[b]].start_ns;
    return x != y ? x < y : a > b;
  });
  for (const uint32_t at : order) by_start_.push_back(spans[at]);
  while (leaves_ < by_start_.size()) leaves_ *= 2;
  ends_.resize(2 * leaves_, std::numeric_limits<int64_t>::min());
  for (size_t i = 0; i < by_start_.size(); ++i)
    ends_[leaves_ + i] = trace.spans[by_start_[i]].end_ns;
  for (size_t node = leaves_ - 1; node > 0; --node) {
    ends_[node] = std::max(ends_[2 * node], ends_[2 * node + 1]);
  }
}

uint32_t Covering::LatestAt(int64_t time_ns) const {
  const auto after = std::upper_bound(
      by_start_.begin(), by_start_.end(), time_ns,
      [&](int64_t time, uint32_t span) { return time < trace_.spans[span].start_ns; });
  const size_t place =
      LastBefore(static_cast<size_t>(after - by_start_.begin()), time_ns, 1, 0, leaves_);
  return place == kNowhere ? kNoIndex : by_start_[place];
}

size_t Covering::LastBefore(size_t before, int64_t time_ns, size_t node, size_t begin,
                            size_t size) const {
  if (begin >= before || ends_[node] < time_ns) return kNowhere;
  if (size == 1) return begin;
  const size_t half = size / 2;
  const size_t right = LastBefore(before, time_ns, 2 * node + 1, begin + half, half);
  return right != kNowhere ? right : LastBefore(before, time_ns, 2 * node, begin, half);
}

}  // namespace spanlog::genai
