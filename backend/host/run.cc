#include "host/run.h"

#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <future>
#include <thread>
#include <utility>

#include "base/block_pool.h"
#include "base/metrics.h"
#include "base/text.h"
#include "host/core.h"
#include "host/handshake.h"
#include "host/lifecycle.h"
#include "host/log.h"
#include "host/server.h"
#include "host/socket_dir.h"
#include "host/standard_files.h"

namespace spanlog::host {
namespace {

// Grafana kills after two seconds; the whole end must fit well into one.
constexpr std::chrono::milliseconds kPatience{150};
constexpr std::chrono::milliseconds kAtMost{600};
constexpr int kSweepTicks = 60;  // seconds

// The C library raises its limits by itself, up to 32 and 64 MiB, and malloc_trim does not reach
// the tops of its per-thread arenas: a few large answers would stay resident for good. With few
// cores one arena is enough, for small pieces come from each thread's own cache; malloc_trim
// reaches its top, so that freed memory can be kept for the next query until it is quiet, and need
// not be cleared anew.
void SetMemoryLimits() {
  if (std::thread::hardware_concurrency() <= 4) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that the C library takes
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    return;
  }
  mallopt(M_MMAP_THRESHOLD, 4 << 20);  // larger buffers are given back as soon as they are freed
  mallopt(M_TRIM_THRESHOLD, 4 << 20);  // free memory that one arena may keep
}

std::string_view NameOf(StopReason reason) {
  switch (reason) {
    case StopReason::kShutdown:
      return "Grafana asked for it";
    case StopReason::kSignal:
      return "SIGTERM";
    case StopReason::kHostGone:
      return "Grafana is gone";
  }
  return "";
}

// What is done about every second beside waiting for the end.
class Housekeeping {
 public:
  explicit Housekeeping(Core& core) : core_(core) {}

  void Tick() {
    if (++ticks_ % kSweepTicks == 0) core_.instances.Sweep();
    // After a burst of queries the C library keeps what they used; Grafana's host wants it back.
    const uint64_t answered = AllMetrics().answer_bytes.Only().value();
    const bool quiet = AllMetrics().queries_in_flight.Only().value() == 0 && answered == answered_;
    if (quiet && answered != trimmed_) {
      malloc_trim(0);
      BlockPool::Get().Trim();
      trimmed_ = answered;
    }
    answered_ = answered;
  }

 private:
  Core& core_;
  int ticks_ = 0;
  uint64_t answered_ = 0;  // at the last tick
  uint64_t trimmed_ = 0;   // when memory was last given back
};

int FailToStart(const absl::Status& status) {
  Log(LogLevel::kError, Concat("Spanlog cannot start: ", std::string(status.message())));
  return 1;
}

// Calls that do not end in time are left to the end of the process.
void StopWithin(Server& server, std::chrono::milliseconds most) {
  auto done = std::make_shared<std::promise<void>>();
  std::future<void> stopped = done->get_future();
  std::thread([&server, done] {
    server.Stop(kPatience);
    done->set_value();
  }).detach();
  stopped.wait_for(most);
}

}  // namespace

int RunPlugin(OpenBackend open, std::vector<Route> routes, std::string version) {
  HoldStandardFiles();
  SetMemoryLimits();
  const LaunchEnvironment environment = ReadLaunchEnvironment();
  if (!environment.has_cookie) {
    std::fputs(std::string(NotAProgramText()).c_str(), stderr);
    return 1;
  }
  CaptureLibraryLogs();
  LogLevel level = LogLevel::kInfo;
  if (ParseLogLevel(environment.log_level, level)) SetLogLevel(level);

  Lifecycle lifecycle;
  absl::StatusOr<std::unique_ptr<SocketDir>> socket = SocketDir::Create(environment);
  if (!socket.ok()) return FailToStart(socket.status());
  Core core(std::move(open), std::move(version), std::move(routes));
  core.on_shutdown = [&lifecycle] { lifecycle.Stop(); };
  Server server(core);
  const std::string& path = (*socket)->socket_path();
  if (absl::Status status = server.Start(Concat("unix:", path)); !status.ok()) {
    return FailToStart(status);
  }
  if (!environment.socket_group.empty()) {
    if (absl::Status status = (*socket)->ShareWithGroup(environment.socket_group); !status.ok()) {
      return FailToStart(status);
    }
  }
  if (!WriteHandshake(HandshakeLine(path, environment.asks_multiplex).c_str())) {
    return FailToStart(absl::UnavailableError("nobody reads the handshake"));
  }
  Log(LogLevel::kInfo, "Spanlog is ready", {{"version", std::string_view(core.version)}});

  Housekeeping housekeeping(core);
  const StopReason reason = lifecycle.Wait([&] { housekeeping.Tick(); });
  Log(LogLevel::kInfo, "Spanlog stops", {{"reason", NameOf(reason)}});
  StopWithin(server, kAtMost);
  (*socket)->Remove();
  // Neither destructors nor threads that hang may hold the end up.
  _exit(0);
}

}  // namespace spanlog::host
