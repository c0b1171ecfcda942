// A plugin executable started as Grafana's go-plugin starts it.
#pragma once

#include <sys/types.h>

#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"

namespace spanlog::cli {

class PluginProcess {
 public:
  // Starts `executable` with the environment that Grafana gives (and nothing of ours) and reads the
  // handshake line. Errors carry what the process said.
  static absl::StatusOr<std::unique_ptr<PluginProcess>> Start(const std::string& executable,
                                                              int timeout_ms);
  // Waits a moment for the process to end, then kills it. Ask it to shut down before.
  ~PluginProcess();
  PluginProcess(const PluginProcess&) = delete;
  PluginProcess& operator=(const PluginProcess&) = delete;

  pid_t pid() const { return pid_; }
  // For gRPC: "unix:/path" or "127.0.0.1:port".
  const std::string& target() const { return target_; }
  // The messages of its last log lines of level warn and above.
  std::string Complaints();

 private:
  PluginProcess(pid_t pid, int out, int err);
  absl::Status ReadHandshake(int timeout_ms);
  void DrainLog();

  const pid_t pid_;
  const int out_;
  const int err_;
  std::string target_;
  std::mutex mutex_;
  std::string log_;  // guarded by mutex_
  std::thread drain_;
};

}  // namespace spanlog::cli
