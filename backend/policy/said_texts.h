// What people and models said in a trace, to find copies of it under names that nobody
// knows.
#pragma once

#include <string_view>
#include <vector>

#include "weave/woven.h"

namespace spanlog::policy {

// Views into the rows it was made from.
class SaidTexts {
 public:
  explicit SaidTexts(const std::vector<weave::Row>& rows);

  // True when `text` is one of the messages, arguments or results, or the beginning of one.
  bool Has(std::string_view text) const;

 private:
  std::vector<std::string_view> texts_;  // sorted
};

}  // namespace spanlog::policy
