// Who may compute: parsing, weaving and encoding need no upstream, only memory and a processor. More of
// them at once than there are processors would not be done sooner, but each would hold all it needs.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace spanlog {

// Lets `limit` threads in at a time, in the order they came. Thread-safe.
class ComputeGate {
 public:
  explicit ComputeGate(uint64_t limit) : limit_(limit) {}

  void Enter();
  void Leave();

 private:
  const uint64_t limit_;
  std::mutex mutex_;
  std::condition_variable left_gate_;
  uint64_t came_ = 0;  // guarded by mutex_, like all below
  uint64_t left_ = 0;
};

// One thread's stay behind a gate. Never held while waiting for an upstream, nor by who holds one already.
class ComputeTurn {
 public:
  // The process's gate: as many as there are processors, two at the least.
  ComputeTurn();
  explicit ComputeTurn(ComputeGate& gate) : gate_(gate) {}
  ~ComputeTurn() {
    if (taken_) gate_.Leave();
  }
  ComputeTurn(const ComputeTurn&) = delete;
  ComputeTurn& operator=(const ComputeTurn&) = delete;

  // Waits for its turn, which lasts until this goes. Further calls do nothing.
  void Take() {
    if (taken_) return;
    gate_.Enter();
    taken_ = true;
  }

 private:
  ComputeGate& gate_;
  bool taken_ = false;
};

}  // namespace spanlog
