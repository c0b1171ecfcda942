// Of many spans that share an id, the one that covers a time.
#pragma once

#include <cstdint>
#include <vector>

#include "model/trace.h"

namespace spanlog::genai {

// Immutable.
class Covering {
 public:
  // `spans` are numbers of the trace's, which must outlive this.
  Covering(const Trace& trace, const std::vector<uint32_t>& spans);

  // The span that started last among those that cover the time, the first of equals in `spans`;
  // kNoIndex when none does. In logarithmic time.
  uint32_t LatestAt(int64_t time_ns) const;

 private:
  // The last of the places before `before` that are below `node` and end at the time or later.
  size_t LastBefore(size_t before, int64_t time_ns, size_t node, size_t begin, size_t size) const;

  const Trace& trace_;
  std::vector<uint32_t> by_start_;
  size_t leaves_ = 1;          // a power of two
  std::vector<int64_t> ends_;  // the latest end below each node of a binary tree, its root at 1
};

}  // namespace spanlog::genai
