// Replays traces of several sizes against the plugin's executable and prints what a query costs,
// beside two floors of the same run. scripts/bench builds and starts it.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "bench/floors.h"
#include "bench/plugin_client.h"
#include "bench/process_stats.h"
#include "bench/recorded.h"
#include "bench/stores_server.h"

namespace spanlog::bench {
namespace {

struct Options {
  std::string plugin, counting, fixtures;
  settings::TraceStoreKind store = settings::TraceStoreKind::kTempo;
  bool quick = false;
  std::string only;  // a scenario's name
};

struct Scenario {
  const char* name;
  Load load;
  int rounds;
  int concurrency = 1;
  // What Grafana's own Tempo and Loki backends need together for the same, CPU ms a query and peak
  // MiB (Grafana 12.4's, measured once on another day: docs/performance.md); 0: not measured.
  double peers_cpu_ms = 0;
  double peers_mib = 0;
};

constexpr Scenario kScenarios[] = {
    {"100/100", {100, 100}, 200, 1, 8.0, 88},
    {"1000/1000", {1000, 1000}, 60, 1, 63, 111},
    {"10000/5000", {10'000, 5000}, 15, 1, 412, 279},
    {"1000/1000 x8", {1000, 1000}, 240, 8, 44, 198},
    {"40MB", {4000, 1000, 39'000}, 6},
    {"5000/5000", {5000, 5000}, 10},
    {"10000/10000", {10'000, 10'000}, 8},
    {"25000/25000", {25'000, 25'000}, 5},
    {"50000/50000", {50'000, 50'000}, 4},
};

double MiB(double bytes) { return bytes / (1 << 20); }

double Percentile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1,
                         static_cast<size_t>(part * static_cast<double>(values.size())))];
}

PluginClient::Target TargetOf(StoresServer& server, const Options& options) {
  const Workload& workload = server.workload();
  return {server.trace_url(),
          server.log_url(),
          workload.trace_id().Hex(),
          options.store,
          workload.load().records + 1000,
          workload.start_ns() / 1'000'000,
          workload.end_ns() / 1'000'000};
}

// Wall times of `rounds` queries from `concurrency` threads; `total_ms` is what all took.
std::vector<double> Ask(PluginClient& plugin, int rounds, int concurrency, double& total_ms) {
  std::vector<std::vector<double>> walls(static_cast<size_t>(concurrency));
  std::exception_ptr failure;
  std::mutex mutex;
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (std::vector<double>& mine : walls) {
    threads.emplace_back([&] {
      try {
        for (int i = 0; i < rounds / concurrency; ++i) mine.push_back(plugin.Query().wall_ms);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex);
        failure = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
  total_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  std::vector<double> all;
  for (const auto& mine : walls) all.insert(all.end(), mine.begin(), mine.end());
  return all;
}

Allocations CountAllocations(StoresServer& server, const Options& options) {
  PluginClient plugin(options.counting);
  plugin.set_target(TargetOf(server, options));
  plugin.Query();
  const auto before = AllocationsOf(plugin.pid());
  constexpr uint64_t kRounds = 3;
  for (uint64_t i = 0; i < kRounds; ++i) plugin.Query();
  const auto after = AllocationsOf(plugin.pid());
  ForgetAllocationsOf(plugin.pid());
  if (!before || !after) return {};
  return {(after->count - before->count) / kRounds, (after->bytes - before->bytes) / kRounds};
}

// Targets are of an idle machine and for people to judge; nothing here fails on them.
void Ratio(const char* what, double ratio, double target) {
  std::printf("  %-38s %6.2f   (target %.2f)%s\n", what, ratio, target,
              ratio <= target ? "" : "  MISSED");
}

void Run(const Scenario& scenario, const Options& options) {
  StoresServer server(scenario.load, options.store);
  const int rounds =
      options.quick ? std::max(scenario.rounds / 10, scenario.concurrency) : scenario.rounds;
  const Floors floors = MeasureFloors(server.whole_trace(), server.whole_logs(), options.store,
                                      std::max(rounds / scenario.concurrency, 2));

  PluginClient plugin(options.plugin);
  plugin.set_target(TargetOf(server, options));
  const double at_start = ResidentMemory(plugin.pid()).now_mib;
  const uint64_t bytes_before = server.bytes(), trace_bytes_before = server.trace_bytes();
  const PluginClient::Answer first = plugin.Query();
  const double upstream = static_cast<double>(server.bytes() - bytes_before);
  const auto trace_bytes = static_cast<double>(server.trace_bytes() - trace_bytes_before);
  const Frame frame = ReadFrame(first.bytes);
  const size_t expected = static_cast<size_t>(scenario.load.spans + scenario.load.records);
  if (frame.rows < expected) throw std::runtime_error(Concat("only ", frame.rows, " rows"));

  const double cpu_before = CpuMs(plugin.pid());
  const uint64_t faults_before = PageFaults(plugin.pid());
  const uint64_t requests_before = server.requests();
  double total_ms = 0;
  const std::vector<double> walls = Ask(plugin, rounds, scenario.concurrency, total_ms);
  const auto queries = static_cast<double>(walls.size());
  const double cpu = (CpuMs(plugin.pid()) - cpu_before) / queries;
  const double faults = static_cast<double>(PageFaults(plugin.pid()) - faults_before) / queries;
  const double requests = static_cast<double>(server.requests() - requests_before) / queries;
  std::this_thread::sleep_for(std::chrono::milliseconds(options.quick ? 100 : 2500));
  const Memory memory = ResidentMemory(plugin.pid());

  std::printf("%s  (%s, %zu rows, %d queries)\n", scenario.name, StoreWord(options.store),
              frame.rows, static_cast<int>(queries));
  std::printf("  wall ms: first %.1f  p50 %.1f  p95 %.1f    %.0f queries/s\n", first.wall_ms,
              Percentile(walls, 0.5), Percentile(walls, 0.95), queries / total_ms * 1e3);
  std::printf("  CPU ms a query %.2f   page faults %.0f   upstream requests %.1f\n", cpu, faults,
              requests);
  std::printf("  floors: download CPU %.2f wall %.2f   download and parse CPU %.2f wall %.2f\n",
              floors.download.cpu_ms, floors.download.wall_ms, floors.parse.cpu_ms,
              floors.parse.wall_ms);
  std::printf(
      "  MB: trace %.2f  logs %.2f  frame %.2f    RSS MiB: start %.1f  peak %.1f  after %.1f\n",
      trace_bytes / 1e6, (upstream - trace_bytes) / 1e6, static_cast<double>(frame.bytes) / 1e6,
      at_start, memory.peak_mib, memory.now_mib);
  if (!options.counting.empty()) {
    const Allocations allocations = CountAllocations(server, options);
    std::printf("  allocations a query: %llu, %.2f MB\n",
                static_cast<unsigned long long>(allocations.count),
                static_cast<double>(allocations.bytes) / 1e6);
  }
  Ratio("CPU / parse floor", cpu / floors.parse.cpu_ms, 2.5);
  if (scenario.peers_cpu_ms > 0)
    Ratio("CPU / two Go backends", cpu / scenario.peers_cpu_ms, 1.0 / 3);
  const double in_flight = scenario.concurrency * (upstream + static_cast<double>(frame.bytes));
  Ratio("peak RSS over start / (bodies + frame)", (memory.peak_mib - at_start) / MiB(in_flight),
        3.0);
  if (scenario.peers_mib > 0)
    Ratio("peak RSS / two Go backends", memory.peak_mib / scenario.peers_mib, 1.0 / 3);
  std::fflush(stdout);
}

void RunStart(const Options& options) {
  std::vector<double> starts;
  double idle = 0;
  for (int i = 0; i < (options.quick ? 3 : 15); ++i) {
    PluginClient plugin(options.plugin);
    starts.push_back(plugin.start_ms());
    idle = ResidentMemory(plugin.pid()).now_mib;
  }
  std::printf(
      "start\n  start to handshake ms: p50 %.1f  p95 %.1f (target 5)   idle RSS %.1f MiB (target "
      "15)\n",
      Percentile(starts, 0.5), Percentile(starts, 0.95), idle);
}

bool Wanted(const Options& options, const char* name) {
  return options.only.empty() || options.only == name;
}

int Main(const Options& options) {
  if (Wanted(options, "start")) RunStart(options);
  for (const Scenario& scenario : kScenarios) {
    if (!Wanted(options, scenario.name)) continue;
    if (options.only.empty() && options.quick && scenario.load.spans > 1000) continue;
    Run(scenario, options);
  }
  if (Wanted(options, "recorded") && !options.fixtures.empty()) {
    RunRecorded(options.plugin, options.fixtures, options.store, options.quick ? 1 : 20);
  }
  return 0;
}

}  // namespace
}  // namespace spanlog::bench

int main(int count, char** arguments) try {
  using namespace spanlog::bench;
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (words.size() == 5 && words[0] == "--floors") {
    return RunFloors(words[1], words[2], words[3], std::atoi(words[4].c_str()));
  }
  Options options;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--quick") {
      options.quick = true;
      continue;
    }
    const std::string value = i + 1 < words.size() ? words[i + 1] : "";
    if (words[i] == "--plugin") {
      options.plugin = value;
    } else if (words[i] == "--counting") {
      options.counting = value;
    } else if (words[i] == "--fixtures") {
      options.fixtures = value;
    } else if (words[i] == "--only") {
      options.only = value;
    } else if (words[i] == "--store") {
      options.store = StoreOf(value);
    } else {
      throw std::runtime_error("unknown argument " + words[i]);
    }
    ++i;
  }
  if (options.plugin.empty()) throw std::runtime_error("--plugin EXECUTABLE is needed");
  return Main(options);
} catch (const std::exception& error) {
  std::fprintf(stderr, "query_bench: %s\n", error.what());
  return 1;
}
