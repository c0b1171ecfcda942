// Sums over calls of one kind and name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weave/woven.h"

namespace spanlog::views {

struct CallTotals {
  CallKind kind = CallKind::kNone;
  std::string_view name;
  std::string_view provider;  // of its first call that names one
  int64_t calls = 0;
  int64_t errors = 0;
  int64_t input = 0, output = 0, cache_read = 0, cache_write = 0;
  bool has_tokens = false;
  double cost_usd = 0;
  bool has_cost = false;
  int64_t total_ns = 0;
  std::vector<int64_t> durations_ns;  // of the calls that have one

  void Add(const weave::Call& call);
  // The q-th quantile of the durations by nearest rank. REQUIRES: a duration; 0 < q <= 1.
  int64_t QuantileNs(double q) const;
};

// "agent", "model", "tool".
std::string_view KindWord(CallKind kind);

// Each kind and name once, in the order of its first call. Texts are views into `woven`.
// `index_of`, where given, gets for each call the index of its totals.
std::vector<CallTotals> SumCalls(const weave::Woven& woven,
                                 std::vector<uint32_t>* index_of = nullptr);

}  // namespace spanlog::views
