#include "host/process_metrics.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

#include "base/text.h"

namespace spanlog::host {
namespace {

void AppendValue(std::string& out, std::string_view name, std::string_view type,
                 std::string_view help, std::string_view value) {
  Append(out, "# HELP ", name, " ", help, "\n# TYPE ", name, " ", type, "\n", name, " ", value,
         "\n");
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::string ReadSmallFile(const char* path) {
  std::string text(4096, '\0');
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  const ssize_t size = read(fd, text.data(), text.size());
  close(fd);
  text.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return text;
}

// "VmRSS:\t  1234 kB" -> 1234; -1 when absent.
int64_t StatusValue(std::string_view status, std::string_view key) {
  const size_t at = status.find(key);
  if (at == status.npos) return -1;
  std::string_view rest = TrimSpace(status.substr(at + key.size(), 40));
  size_t digits = 0;
  while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
  int64_t value = -1;
  return ParseInt64(rest.substr(0, digits), value) ? value : -1;
}

int64_t CountOpenFiles(rlim_t limit) {
  int64_t count = 0;
  if (std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir("/proc/self/fd"), closedir); dir != nullptr) {
    while (const dirent* entry = readdir(dir.get())) count += entry->d_name[0] != '.';
    return count - 1;  // the folder itself
  }
  const int end = static_cast<int>(std::min<rlim_t>(limit, 4096));
  for (int fd = 0; fd < end; ++fd) count += fcntl(fd, F_GETFD) != -1;
  return count;
}

// When this object file was set up, which is when the process began but for some milliseconds.
const double g_start =
    std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();

}  // namespace

void AppendProcessMetrics(std::string_view version, std::string& out) {
  Append(out, "# HELP spanlog_build_info The running version.\n# TYPE spanlog_build_info gauge\n",
         "spanlog_build_info{version=\"", version, "\"} 1\n");
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    AppendValue(out, "process_cpu_seconds_total", "counter", "User and system CPU time.",
                DoubleToText(Seconds(usage.ru_utime) + Seconds(usage.ru_stime)));
    AppendValue(out, "process_resident_memory_max_bytes", "gauge", "Largest resident size so far.",
                Concat(static_cast<int64_t>(usage.ru_maxrss) * 1024));
  }
  AppendValue(out, "process_start_time_seconds", "gauge", "Start, in seconds since 1970.",
              DoubleToText(g_start));
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    AppendValue(out, "process_max_fds", "gauge", "Most files it may open.",
                Concat(static_cast<uint64_t>(files.rlim_cur)));
    AppendValue(out, "process_open_fds", "gauge", "Open files.",
                Concat(CountOpenFiles(files.rlim_cur)));
  }
  const std::string status = ReadSmallFile("/proc/self/status");
  if (const int64_t kib = StatusValue(status, "VmRSS:"); kib >= 0) {
    AppendValue(out, "process_resident_memory_bytes", "gauge", "Resident size.",
                Concat(kib * 1024));
  }
  if (const int64_t threads = StatusValue(status, "Threads:"); threads >= 0) {
    AppendValue(out, "process_threads", "gauge", "Threads.", Concat(threads));
  }
}

}  // namespace spanlog::host
