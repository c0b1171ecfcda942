// How many queries of one datasource run at once; more wait their turn, in order.
#pragma once

#include <deque>
#include <functional>
#include <mutex>

namespace spanlog::host {

// Thread-safe.
class Slots {
 public:
  explicit Slots(int limit) : free_(limit) {}

  // Calls `start` when a slot is free: now, or from another's Release. Each start must be followed
  // by one Release.
  void Acquire(std::function<void()> start);
  void Release();

 private:
  std::mutex mutex_;
  int free_;                                   // guarded by mutex_
  std::deque<std::function<void()>> waiting_;  // guarded by mutex_
};

}  // namespace spanlog::host
