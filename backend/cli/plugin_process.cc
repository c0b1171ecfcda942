#include "cli/plugin_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"
#include "export/printable.h"

namespace spanlog::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kKeptLog = 64 << 10;

absl::Status Failed(const std::string& executable, std::string_view what) {
  return absl::UnavailableError(Concat("cannot start ", executable, ": ", what));
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<PluginProcess>> PluginProcess::Start(const std::string& executable,
                                                                    int timeout_ms) {
  std::array<int, 2> out{}, err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0) return Failed(executable, std::strerror(errno));
  if (pipe2(err.data(), O_CLOEXEC) != 0) {
    close(out[0]);
    close(out[1]);
    return Failed(executable, std::strerror(errno));
  }
  // What go-plugin sets for every plugin; Grafana 12.4 forwards nothing of the machine's.
  std::vector<std::string> environment = {"grafana_plugin_type=datasource", "PLUGIN_MIN_PORT=10000",
                                          "PLUGIN_MAX_PORT=25000", "PLUGIN_PROTOCOL_VERSIONS=2",
                                          "GF_VERSION=12.4.0"};
  std::vector<char*> variables;
  for (std::string& variable : environment) variables.push_back(variable.data());
  variables.push_back(nullptr);
  std::string name = executable;
  std::array<char*, 2> arguments = {name.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, executable.c_str(), &actions, nullptr, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  close(err[1]);
  if (error != 0) {
    close(out[0]);
    close(err[0]);
    return Failed(executable, std::strerror(error));
  }
  auto process = std::unique_ptr<PluginProcess>(new PluginProcess(pid, out[0], err[0]));
  absl::Status status = process->ReadHandshake(timeout_ms);
  if (!status.ok())
    return Failed(executable, Concat(std::string(status.message()), process->Complaints()));
  return process;
}

PluginProcess::PluginProcess(pid_t pid, int out, int err)
    : pid_(pid), out_(out), err_(err), drain_([this] { DrainLog(); }) {}

PluginProcess::~PluginProcess() {
  const Clock::time_point give_up = Clock::now() + std::chrono::seconds(2);
  bool ended = false;
  while (!ended && Clock::now() < give_up) {
    ended = waitpid(pid_, nullptr, WNOHANG) != 0;
    if (!ended) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  if (!ended) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  drain_.join();
  close(out_);
  close(err_);
}

absl::Status PluginProcess::ReadHandshake(int timeout_ms) {
  const Clock::time_point give_up = Clock::now() + std::chrono::milliseconds(timeout_ms);
  std::string line;
  while (line.find('\n') == std::string::npos) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(give_up - Clock::now()).count();
    pollfd fd{out_, POLLIN, 0};
    if (left <= 0 || poll(&fd, 1, static_cast<int>(left)) == 0) {
      return absl::DeadlineExceededError("it printed no handshake in time");
    }
    std::array<char, 512> chunk;
    const ssize_t size = read(out_, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return absl::UnavailableError("it ended before its handshake");
    line.append(chunk.data(), static_cast<size_t>(size));
    if (line.size() > 4096) break;
  }
  const std::vector<std::string_view> parts = Split(TrimSpace(line), '|');
  if (parts.size() < 5 || parts[0] != "1" || parts[1] != "2" || parts[4] != "grpc") {
    return absl::UnavailableError(
        Concat("unknown handshake ", exports::PrintableLine(TrimSpace(line))));
  }
  target_ = parts[2] == "unix" ? Concat("unix:", parts[3]) : std::string(parts[3]);
  return absl::OkStatus();
}

// Until the process ends: a full pipe would stop it.
void PluginProcess::DrainLog() {
  std::array<char, 4096> chunk;
  while (true) {
    const ssize_t size = read(err_, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    log_.append(chunk.data(), static_cast<size_t>(size));
    if (log_.size() > 2 * kKeptLog) log_.erase(0, log_.size() - kKeptLog);
  }
}

std::string PluginProcess::Complaints() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::string text;
  for (const std::string_view line : Split(log_, '\n')) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    const std::string level = json.is_object() ? json.value("@level", "") : "";
    if (level == "warn" || level == "error") {
      Append(text, "\n  ", exports::PrintableLine(json.value("@message", "")));
    } else if (!json.is_object() && !line.empty()) {
      Append(text, "\n  ", exports::PrintableLine(line));
    }
  }
  return text;
}

}  // namespace spanlog::cli
