// When the process ends: at Grafana's word, at SIGTERM, or when Grafana has died.
#pragma once

#include <atomic>
#include <functional>

namespace spanlog::host {

enum class StopReason { kShutdown, kSignal, kHostGone };

// One per process. SIGINT, SIGHUP and SIGPIPE are ignored: a Ctrl-C in Grafana's terminal reaches
// the plugin too, and Grafana then stops it by itself.
class Lifecycle {
 public:
  // Installs the signal handlers and notes the parent process.
  Lifecycle();
  ~Lifecycle();

  // Thread-safe; makes Wait return.
  void Stop();

  // Blocks until it is time to stop. `tick` is called about every second.
  // Grafana's death shows in stderr, whose reading end it holds, and in the parent's id. (Linux'
  // own parent-death signal fires when the *thread* that forked ends, and Go's threads do.)
  StopReason Wait(const std::function<void()>& tick);

 private:
  int wake_ = -1;
  int parent_ = 0;
  std::atomic<bool> stop_{false};
};

}  // namespace spanlog::host
