#include "bench/recorded.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "bench/floors.h"
#include "bench/plugin_client.h"
#include "bench/process_stats.h"
#include "replay/fake_jaeger.h"
#include "replay/fake_loki.h"
#include "replay/fake_tempo.h"
#include "replay/fake_zipkin.h"

namespace spanlog::bench {
namespace {

template <typename Fake>
std::unique_ptr<replay::FakeStore> Serving(const replay::FixturesPtr& fixtures) {
  auto store = std::make_unique<Fake>(fixtures);
  store->ServeAll();
  return store;
}

std::unique_ptr<replay::FakeStore> Traces(const replay::FixturesPtr& fixtures,
                                          settings::TraceStoreKind store) {
  if (store == settings::TraceStoreKind::kJaeger) return Serving<replay::FakeJaeger>(fixtures);
  if (store == settings::TraceStoreKind::kZipkin) return Serving<replay::FakeZipkin>(fixtures);
  return Serving<replay::FakeTempo>(fixtures);
}

}  // namespace

void RunRecorded(const std::string& executable, const std::string& folder,
                 settings::TraceStoreKind store, int rounds) {
  const auto fixtures = std::make_shared<const replay::Fixtures>(folder);
  const auto traces = Traces(fixtures, store);
  const auto logs = Serving<replay::FakeLoki>(fixtures);
  PluginClient plugin(executable);
  std::vector<std::pair<double, std::string>> costs;
  double sum = 0;
  for (const replay::Case& one : fixtures->cases()) {
    if (one.trace_ids().empty()) continue;
    PluginClient::Target target;
    target.trace_url = traces->url();
    target.log_url = logs->url();
    target.trace_id = one.trace_ids().front();
    target.store = store;
    target.from_ms = one.start_ns() / 1'000'000;
    target.to_ms = one.end_ns() / 1'000'000;
    plugin.set_target(target);
    plugin.Query();
    const double before = CpuMs(plugin.pid());
    for (int i = 0; i < rounds; ++i) plugin.Query();
    const double cpu = (CpuMs(plugin.pid()) - before) / rounds;
    costs.emplace_back(cpu, one.name());
    sum += cpu;
  }
  if (costs.empty()) return;
  std::sort(costs.rbegin(), costs.rend());
  const Memory memory = ResidentMemory(plugin.pid());
  std::printf(
      "recorded  (%s, %zu cases)\n  CPU ms a query: mean %.2f  median %.2f   RSS MiB: peak %.1f  "
      "after %.1f\n  dearest:",
      StoreWord(store), costs.size(), sum / static_cast<double>(costs.size()),
      costs[costs.size() / 2].first, memory.peak_mib, memory.now_mib);
  for (size_t i = 0; i < std::min<size_t>(3, costs.size()); ++i) {
    std::printf("  %s %.2f", costs[i].second.c_str(), costs[i].first);
  }
  std::printf("\n");
}

}  // namespace spanlog::bench
