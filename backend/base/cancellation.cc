#include "base/cancellation.h"

namespace spanlog {

void Cancellation::Cancel() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (cancelled_.exchange(true, std::memory_order_acq_rel)) return;
  for (auto& [handle, callback] : callbacks_) callback();
  callbacks_.clear();
}

uint64_t Cancellation::OnCancel(std::function<void()> callback) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (cancelled_.load(std::memory_order_acquire)) {
    callback();
    return 0;
  }
  callbacks_.emplace(next_handle_, std::move(callback));
  return next_handle_++;
}

void Cancellation::Remove(uint64_t handle) {
  const std::lock_guard<std::mutex> lock(mutex_);
  callbacks_.erase(handle);
}

}  // namespace spanlog
