#include "coverage.h"

#include <array>
#include <bit>
#include <cstring>

extern "C" char __executable_start;

namespace spanlog::fuzz {
namespace {

constexpr size_t kEdges = 1 << 17;

struct Comparison {
  uint64_t first = 0;
  uint64_t second = 0;
  size_t bytes = 0;
};

alignas(64) std::array<uint8_t, kEdges> g_taken{};
alignas(64) std::array<uint8_t, kEdges> g_known{};
uintptr_t g_before = 0;
size_t g_known_edges = 0;
std::array<Comparison, 1024> g_comparisons;
uint32_t g_compared = 0;

// Counts of an edge that mean the same: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more.
uint8_t Bucket(uint8_t count) {
  if (count < 4) return static_cast<uint8_t>(1u << (count - 1));
  if (count < 8) return 8;
  if (count < 16) return 16;
  if (count < 32) return 32;
  return count < 128 ? 64 : 128;
}

void Compared(uint64_t first, uint64_t second, size_t bytes) {
  if (first == second) return;
  g_comparisons[g_compared++ % g_comparisons.size()] = {first, second, bytes};
}

}  // namespace

void ResetCoverage() {
  g_taken.fill(0);
  g_before = 0;
}

size_t TakeNewCoverage() {
  size_t fresh = 0;
  for (size_t at = 0; at < kEdges; at += 8) {
    uint64_t eight = 0;
    std::memcpy(&eight, &g_taken[at], 8);
    if (eight == 0) continue;
    for (size_t i = at; i < at + 8; ++i) {
      if (g_taken[i] == 0) continue;
      const uint8_t bucket = Bucket(g_taken[i]);
      if ((g_known[i] & bucket) != 0) continue;
      if (g_known[i] == 0) ++g_known_edges;
      g_known[i] |= bucket;
      ++fresh;
    }
  }
  return fresh;
}

size_t KnownEdges() { return g_known_edges; }

bool RecentComparison(uint64_t random, uint64_t& first, uint64_t& second, size_t& bytes) {
  if (g_compared == 0) return false;
  const Comparison& chosen =
      g_comparisons[random % std::min<size_t>(g_compared, g_comparisons.size())];
  first = chosen.first;
  second = chosen.second;
  bytes = chosen.bytes;
  return true;
}

extern "C" {

void __sanitizer_cov_trace_pc() {
  const uintptr_t here = reinterpret_cast<uintptr_t>(__builtin_return_address(0)) -
                         reinterpret_cast<uintptr_t>(&__executable_start);
  uint8_t& count = g_taken[(here ^ g_before) % kEdges];
  if (count != 255) ++count;
  g_before = (here >> 1) * 0x9E3779B1u;
}

void __sanitizer_cov_trace_cmp1(uint8_t, uint8_t) {}
void __sanitizer_cov_trace_cmp2(uint16_t a, uint16_t b) { Compared(a, b, 2); }
void __sanitizer_cov_trace_cmp4(uint32_t a, uint32_t b) { Compared(a, b, 4); }
void __sanitizer_cov_trace_cmp8(uint64_t a, uint64_t b) { Compared(a, b, 8); }
void __sanitizer_cov_trace_const_cmp1(uint8_t, uint8_t) {}
void __sanitizer_cov_trace_const_cmp2(uint16_t a, uint16_t b) { Compared(b, a, 2); }
void __sanitizer_cov_trace_const_cmp4(uint32_t a, uint32_t b) { Compared(b, a, 4); }
void __sanitizer_cov_trace_const_cmp8(uint64_t a, uint64_t b) { Compared(b, a, 8); }
void __sanitizer_cov_trace_cmpf(float, float) {}
void __sanitizer_cov_trace_cmpd(double, double) {}
void __sanitizer_cov_trace_switch(uint64_t, uint64_t*) {}

}  // extern "C"

}  // namespace spanlog::fuzz
