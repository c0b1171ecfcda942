#include "weave/prices.h"

#include <algorithm>

#include "base/wildcard.h"

namespace spanlog::weave {

double CostOf(const CallUsage& usage, const std::vector<settings::Price>& prices) {
  if (usage.cost_usd >= 0) return usage.cost_usd;
  if (usage.input_tokens < 0 && usage.output_tokens < 0) return -1;
  for (const settings::Price& price : prices) {
    if (!MatchesWildcard(usage.model, price.model)) continue;
    const auto tokens = [](int64_t count) {
      return static_cast<double>(std::max<int64_t>(count, 0));
    };
    const double read = tokens(usage.cache_read_tokens);
    const double write = tokens(usage.cache_write_tokens);
    const double plain = std::max(0.0, tokens(usage.input_tokens) - read - write);
    return (plain * price.input + read * (price.cache_read < 0 ? price.input : price.cache_read) +
            write * (price.cache_write < 0 ? price.input : price.cache_write) +
            tokens(usage.output_tokens) * price.output) /
           1e6;
  }
  return -1;
}

}  // namespace spanlog::weave
