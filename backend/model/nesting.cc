#include "model/nesting.h"

#include "model/message.h"

namespace spanlog {

Nesting::Nesting(const std::vector<uint32_t>& parents)
    : first_(parents.size()), last_(parents.size()) {
  const auto count = static_cast<uint32_t>(parents.size());
  std::vector<uint32_t> open_children(count, 0);
  for (const uint32_t parent : parents) {
    if (parent != kNoIndex) ++open_children[parent];
  }
  // From the leaves up: each once all its children are in. A cycle never gets there.
  std::vector<uint32_t> bottom_up;
  bottom_up.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    if (open_children[i] == 0) bottom_up.push_back(i);
  }
  std::vector<uint32_t> size(count, 1);
  for (size_t at = 0; at < bottom_up.size(); ++at) {
    const uint32_t parent = parents[bottom_up[at]];
    if (parent == kNoIndex) continue;
    size[parent] += size[bottom_up[at]];
    if (--open_children[parent] == 0) bottom_up.push_back(parent);
  }
  uint32_t next = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (open_children[i] > 0) first_[i] = last_[i] = next++;
  }
  std::vector<uint32_t> next_below(count);  // the place of the next child
  for (size_t at = bottom_up.size(); at-- > 0;) {
    const uint32_t span = bottom_up[at];
    const uint32_t parent = parents[span];
    uint32_t& place = parent == kNoIndex || open_children[parent] > 0 ? next : next_below[parent];
    first_[span] = place;
    last_[span] = place + size[span] - 1;
    next_below[span] = place + 1;
    place += size[span];
  }
}

}  // namespace spanlog
