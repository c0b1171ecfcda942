// Who is above whom in a tree of spans, told in one step however deep the tree is.
#pragma once

#include <cstdint>
#include <vector>

namespace spanlog {

// Immutable.
class Nesting {
 public:
  // `parents`: the number of each span's parent, kNoIndex for none. A span on a cycle is above
  // nobody.
  explicit Nesting(const std::vector<uint32_t>& parents);

  // A span is not above itself.
  bool IsAbove(uint32_t ancestor, uint32_t span) const {
    return first_[span] > first_[ancestor] && first_[span] <= last_[ancestor];
  }

  // Places in a row in which each span is followed by all that is below it, up to last().
  uint32_t first(uint32_t span) const { return first_[span]; }
  uint32_t last(uint32_t span) const { return last_[span]; }

 private:
  std::vector<uint32_t> first_, last_;
};

}  // namespace spanlog
