#include "host/slots.h"

#include <utility>

namespace spanlog::host {

bool Slots::Acquire(std::function<void()> start) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (free_ <= 0) {
      if (waiting_.size() >= max_waiting_) return false;
      waiting_.push_back(std::move(start));
      return true;
    }
    --free_;
  }
  start();
  return true;
}

void Slots::Release() {
  std::function<void()> next;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  next();
}

}  // namespace spanlog::host
