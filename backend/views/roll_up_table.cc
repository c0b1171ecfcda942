#include "views/roll_up_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "views/call_totals.h"

namespace spanlog::views {
namespace {

int Order(CallKind kind) {
  if (kind == CallKind::kModel) return 0;
  return kind == CallKind::kTool ? 1 : 2;
}

double Milliseconds(int64_t ns) { return static_cast<double>(ns) / 1e6; }

}  // namespace

frame::Table RollUpTable(const weave::Woven& woven, const std::string& ref_id) {
  std::vector<CallTotals> totals = SumCalls(woven);
  std::stable_sort(totals.begin(), totals.end(), [](const CallTotals& a, const CallTotals& b) {
    if (Order(a.kind) != Order(b.kind)) return Order(a.kind) < Order(b.kind);
    return a.total_ns > b.total_ns;
  });

  std::vector<std::string> kinds, names, providers;
  std::vector<int64_t> calls, errors;
  std::vector<double> input, output, cache_read, cache_write, cost, p50, p95, total;
  for (const CallTotals& each : totals) {
    kinds.emplace_back(KindWord(each.kind));
    names.emplace_back(each.name);
    providers.emplace_back(each.provider);
    calls.push_back(each.calls);
    errors.push_back(each.errors);
    const auto tokens = [&](int64_t sum) {
      return each.has_tokens ? static_cast<double>(sum) : NAN;
    };
    input.push_back(tokens(each.input));
    output.push_back(tokens(each.output));
    cache_read.push_back(tokens(each.cache_read));
    cache_write.push_back(tokens(each.cache_write));
    cost.push_back(each.has_cost ? each.cost_usd : NAN);
    const bool timed = !each.durations_ns.empty();
    p50.push_back(timed ? Milliseconds(each.QuantileNs(0.5)) : NAN);
    p95.push_back(timed ? Milliseconds(each.QuantileNs(0.95)) : NAN);
    total.push_back(timed ? Milliseconds(each.total_ns) : NAN);
  }

  frame::Table table;
  table.name = "Models and tools";
  table.ref_id = ref_id;
  table.meta_json = R"({"preferredVisualisationType":"table"})";
  const auto add = [&](const char* name, const char* config, auto column) {
    table.columns.push_back({name, config, "", std::move(column)});
  };
  add("kind", R"({"displayName":"Kind"})", std::move(kinds));
  add("name", R"({"displayName":"Name"})", std::move(names));
  add("provider", R"({"displayName":"Provider"})", std::move(providers));
  add("calls", R"({"displayName":"Calls"})", std::move(calls));
  add("errors", R"({"displayName":"Errors"})", std::move(errors));
  add("inputTokens", R"({"displayName":"Input tokens"})", std::move(input));
  add("outputTokens", R"({"displayName":"Output tokens"})", std::move(output));
  add("cacheReadTokens", R"({"displayName":"Cache read tokens"})", std::move(cache_read));
  add("cacheWriteTokens", R"({"displayName":"Cache write tokens"})", std::move(cache_write));
  add("cost", R"({"displayName":"Cost","unit":"currencyUSD","decimals":4})", std::move(cost));
  add("p50", R"({"displayName":"Latency p50","unit":"ms"})", std::move(p50));
  add("p95", R"({"displayName":"Latency p95","unit":"ms"})", std::move(p95));
  add("total", R"({"displayName":"Total time","unit":"ms"})", std::move(total));
  return table;
}

}  // namespace spanlog::views
