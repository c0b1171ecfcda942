// Large buffers that are filled once cost more in page faults than in copying: one
// fault per 4 KiB against one per 2 MiB.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

namespace spanlog {

// Asks for huge pages for the whole ones inside [data, data + size). Call it before the memory is
// written. It is a hint: where the kernel says no, nothing is lost. Small sizes are left alone.
inline void AdviseHugePages(void* data, size_t size) {
  constexpr uintptr_t kHugePage = uintptr_t{2} << 20;
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(data) + kHugePage - 1) & ~(kHugePage - 1);
  const uintptr_t end = (reinterpret_cast<uintptr_t>(data) + size) & ~(kHugePage - 1);
  if (begin < end) {
    (void)madvise(reinterpret_cast<void*>(begin), static_cast<size_t>(end - begin), MADV_HUGEPAGE);
  }
}

}  // namespace spanlog
