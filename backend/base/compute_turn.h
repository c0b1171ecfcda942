// Who may compute: parsing, weaving and encoding need no upstream, only memory and a processor.
// More of them at once than there are processors would not be done sooner, but each would hold all
// it needs.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

#include "base/cancellation.h"

namespace spanlog {

// What is to be done. Who weaves goes before who reads: it holds more, and is nearer to letting go
// of it.
enum class ComputeStep : uint8_t { kWeave, kRead };

// Lets `limit` threads in at a time, those of a step in the order they came. Thread-safe.
class ComputeGate {
 public:
  explicit ComputeGate(uint64_t limit) : limit_(limit) {}

  // False when `cancellation` (may be null) was raised before there was room: then nobody is let
  // in.
  bool Enter(ComputeStep step, Cancellation* cancellation);
  void Leave();

 private:
  struct Waiter {
    std::condition_variable let_in;
    bool is_in = false;
    bool gave_up = false;
  };

  const uint64_t limit_;
  std::mutex mutex_;
  uint64_t inside_ = 0;             // guarded by mutex_, like all below
  std::deque<Waiter*> waiting_[2];  // by step; nobody waits while there is room
};

// One thread's stay behind a gate. Never held while waiting for an upstream, nor by who holds one
// already.
class ComputeTurn {
 public:
  // The process's gate: as many as there are processors, two at the least.
  ComputeTurn();
  // The same, and waits for its turn at once.
  ComputeTurn(ComputeStep step, Cancellation* cancellation) : ComputeTurn() {
    Take(step, cancellation);
  }
  explicit ComputeTurn(ComputeGate& gate) : gate_(gate) {}
  ~ComputeTurn() {
    if (taken_) gate_.Leave();
  }
  ComputeTurn(const ComputeTurn&) = delete;
  ComputeTurn& operator=(const ComputeTurn&) = delete;

  // Waits for its turn, which lasts until this goes. Further calls do nothing. There may be none
  // when `cancellation` (may be null) is raised meanwhile: ask that before what takes long.
  void Take(ComputeStep step, Cancellation* cancellation) {
    if (!taken_) taken_ = gate_.Enter(step, cancellation);
  }

 private:
  ComputeGate& gate_;
  bool taken_ = false;
};

}  // namespace spanlog
