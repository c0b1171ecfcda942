#include "bench/process_stats.h"

#include <fcntl.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <string>

#include "base/text.h"
#include "bench/count_allocations.h"

namespace spanlog::bench {

double CpuMs(pid_t pid) {
  clockid_t clock;
  timespec time{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

Memory ResidentMemory(pid_t pid) {
  std::ifstream file(Concat("/proc/", pid, "/status"));
  Memory memory;
  std::string word;
  double kib = 0;
  while (file >> word) {
    if (word == "VmHWM:" && file >> kib) memory.peak_mib = kib / 1024;
    if (word == "VmRSS:" && file >> kib) memory.now_mib = kib / 1024;
  }
  return memory;
}

uint64_t PageFaults(pid_t pid) {
  std::ifstream file(Concat("/proc/", pid, "/stat"));
  std::string word;
  uint64_t minor = 0, major = 0, skipped = 0;
  for (int i = 0; i < 9; ++i) file >> word;  // the executable's name has no blanks
  file >> minor >> skipped >> major;
  return minor + major;
}

std::optional<Allocations> AllocationsOf(pid_t pid) {
  const int fd = open(AllocationsPath(pid).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  AllocationCounters counters;
  const bool whole = read(fd, static_cast<void*>(&counters), sizeof(counters)) == sizeof(counters);
  close(fd);
  if (!whole) return std::nullopt;
  return Allocations{counters.count, counters.bytes};
}

void ForgetAllocationsOf(pid_t pid) { unlink(AllocationsPath(pid).c_str()); }

}  // namespace spanlog::bench
