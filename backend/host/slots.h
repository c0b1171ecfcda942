// How many queries of one datasource run at once; more wait their turn, in order.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace spanlog::host {

// Thread-safe.
class Slots {
 public:
  static constexpr size_t kMaxWaiting = 4096;

  explicit Slots(int limit, size_t max_waiting = kMaxWaiting)
      : limit_(limit), max_waiting_(max_waiting), free_(limit) {}

  int limit() const { return limit_; }

  // Calls `start` when a slot is free: now, or from another's Release. Each start must be followed
  // by one Release. False, and `start` is dropped, when too many wait.
  bool Acquire(std::function<void()> start);
  void Release();

 private:
  const int limit_;
  const size_t max_waiting_;
  std::mutex mutex_;
  int free_;                                   // guarded by mutex_
  std::deque<std::function<void()>> waiting_;  // guarded by mutex_
};

}  // namespace spanlog::host
