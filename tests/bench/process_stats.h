// What the kernel says of another process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace spanlog::bench {

// User and system time of all its threads so far, in ms.
double CpuMs(pid_t pid);

struct Memory {
  double now_mib = 0;
  double peak_mib = 0;
};
Memory ResidentMemory(pid_t pid);

// Minor and major page faults so far.
uint64_t PageFaults(pid_t pid);

// What gpx_spanlog_counting has allocated so far. Nothing for other executables.
struct Allocations {
  uint64_t count = 0;
  uint64_t bytes = 0;
};
std::optional<Allocations> AllocationsOf(pid_t pid);
void ForgetAllocationsOf(pid_t pid);

}  // namespace spanlog::bench
