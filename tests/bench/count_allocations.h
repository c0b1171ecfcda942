// Where gpx_spanlog_counting, the plugin with counted allocations, leaves its counts.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <string>

namespace spanlog::bench {

struct AllocationCounters {
  std::atomic<uint64_t> count{0};
  std::atomic<uint64_t> bytes{0};
};

inline std::string AllocationsPath(pid_t pid) {
  return "/dev/shm/spanlog-allocations." + std::to_string(pid);
}

}  // namespace spanlog::bench
