// One flag that a caller raises to stop everything done on its behalf.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace spanlog {

// Thread-safe. Shared between the RPC that may be cancelled and the requests made for it.
class Cancellation {
 public:
  // Raises the flag and runs the callbacks, each once. Further calls do nothing.
  void Cancel();

  bool cancelled() const { return cancelled_.load(std::memory_order_acquire); }

  // Runs `callback` when cancelled, at once if it already is. The callback must be short and must
  // not call back into this object. Returns a handle for Remove.
  uint64_t OnCancel(std::function<void()> callback);

  // After Remove returns, the callback is not running and will not run.
  void Remove(uint64_t handle);

 private:
  std::atomic<bool> cancelled_{false};
  std::mutex mutex_;
  uint64_t next_handle_ = 1;
  std::map<uint64_t, std::function<void()>> callbacks_;  // guarded by mutex_
};

using CancellationPtr = std::shared_ptr<Cancellation>;

}  // namespace spanlog
