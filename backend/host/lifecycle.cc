#include "host/lifecycle.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

namespace spanlog::host {
namespace {

std::atomic<int> g_wake{-1};
std::atomic<bool> g_terminated{false};

void WakeUp(int fd) {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(fd, &one, sizeof(one));
}

void OnTerminate(int) {
  const int saved = errno;
  g_terminated.store(true);
  WakeUp(g_wake.load());
  errno = saved;
}

}  // namespace

Lifecycle::Lifecycle() : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), parent_(getppid()) {
  g_terminated.store(false);
  g_wake.store(wake_);
  for (const int ignored : {SIGINT, SIGHUP, SIGPIPE}) std::signal(ignored, SIG_IGN);
  struct sigaction action {};
  action.sa_handler = OnTerminate;
  action.sa_flags = SA_RESTART;
  sigaction(SIGTERM, &action, nullptr);
}

Lifecycle::~Lifecycle() {
  std::signal(SIGTERM, SIG_DFL);
  g_wake.store(-1);
  close(wake_);
}

void Lifecycle::Stop() {
  stop_.store(true);
  WakeUp(wake_);
}

StopReason Lifecycle::Wait(const std::function<void()>& tick) {
  constexpr int kTickMs = 1000;
  pollfd files[2] = {{wake_, POLLIN, 0}, {STDERR_FILENO, 0, 0}};
  for (;;) {
    const int ready = poll(files, 2, kTickMs);
    if (g_terminated.load()) return StopReason::kSignal;
    if (stop_.load()) return StopReason::kShutdown;
    if (getppid() != parent_) return StopReason::kHostGone;
    if (ready > 0 && (files[1].revents & POLLERR) != 0) return StopReason::kHostGone;
    // A stderr that is closed or no pipe has no reader to lose: stop asking, or this would spin.
    if (ready > 0 && files[1].revents != 0) files[1].fd = -1;
    if (ready == 0) tick();
  }
}

}  // namespace spanlog::host
