#include "views/call_totals.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/sum.h"

namespace spanlog::views {

void CallTotals::Add(const weave::Call& call) {
  ++calls;
  if (call.failed) ++errors;
  if (provider.empty()) provider = call.provider;
  const auto take = [this](int64_t tokens, int64_t& sum) {
    if (tokens < 0) return;
    sum += tokens;
    has_tokens = true;
  };
  take(call.input_tokens, input);
  take(call.output_tokens, output);
  take(call.cache_read_tokens, cache_read);
  take(call.cache_write_tokens, cache_write);
  if (call.cost_usd >= 0) {
    cost_usd += call.cost_usd;
    has_cost = true;
  }
  if (call.duration_ns < 0) return;
  total_ns = SumUpToMost(total_ns, call.duration_ns);
  durations_ns.push_back(call.duration_ns);
}

int64_t CallTotals::QuantileNs(double q) const {
  std::vector<int64_t> sorted = durations_ns;
  const size_t rank = static_cast<size_t>(std::ceil(q * static_cast<double>(sorted.size())));
  const size_t at = std::max<size_t>(rank, 1) - 1;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at), sorted.end());
  return sorted[at];
}

std::string_view KindWord(CallKind kind) {
  switch (kind) {
    case CallKind::kAgent:
      return "agent";
    case CallKind::kModel:
      return "model";
    case CallKind::kTool:
      return "tool";
    case CallKind::kNone:
      break;
  }
  return "";
}

std::vector<CallTotals> SumCalls(const weave::Woven& woven, std::vector<uint32_t>* index_of) {
  std::vector<CallTotals> totals;
  absl::flat_hash_map<std::pair<CallKind, std::string_view>, uint32_t> places;
  for (const weave::Call& call : woven.calls) {
    const auto [place, is_new] =
        places.try_emplace({call.kind, call.name}, static_cast<uint32_t>(totals.size()));
    if (is_new) {
      totals.emplace_back();
      totals.back().kind = call.kind;
      totals.back().name = call.name;
    }
    totals[place->second].Add(call);
    if (index_of != nullptr) index_of->push_back(place->second);
  }
  return totals;
}

}  // namespace spanlog::views
