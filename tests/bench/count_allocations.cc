// Linked into gpx_spanlog_counting with --wrap for each function here, so that every call of the
// static executable counts: operator new's, libcurl's and glibc's own too.
#include "bench/count_allocations.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>

namespace {

using spanlog::bench::AllocationCounters;

AllocationCounters early;  // until the file is mapped
std::atomic<AllocationCounters*> counters{&early};

void Count(size_t size) {
  AllocationCounters& here = *counters.load(std::memory_order_relaxed);
  here.count.fetch_add(1, std::memory_order_relaxed);
  here.bytes.fetch_add(size, std::memory_order_relaxed);
}

__attribute__((constructor)) void MapCounters() {
  const int fd = open(spanlog::bench::AllocationsPath(getpid()).c_str(),
                      O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, sizeof(AllocationCounters)) != 0) return;
  void* mapped =
      mmap(nullptr, sizeof(AllocationCounters), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped != MAP_FAILED) counters.store(static_cast<AllocationCounters*>(mapped));
}

}  // namespace

extern "C" {
void* __real_malloc(size_t size);
void* __real_calloc(size_t count, size_t size);
void* __real_realloc(void* old, size_t size);
void* __real_aligned_alloc(size_t alignment, size_t size);
int __real_posix_memalign(void** out, size_t alignment, size_t size);

void* __wrap_malloc(size_t size) {
  Count(size);
  return __real_malloc(size);
}
void* __wrap_calloc(size_t count, size_t size) {
  Count(count * size);
  return __real_calloc(count, size);
}
void* __wrap_realloc(void* old, size_t size) {
  Count(size);
  return __real_realloc(old, size);
}
void* __wrap_aligned_alloc(size_t alignment, size_t size) {
  Count(size);
  return __real_aligned_alloc(alignment, size);
}
int __wrap_posix_memalign(void** out, size_t alignment, size_t size) {
  Count(size);
  return __real_posix_memalign(out, alignment, size);
}
}
