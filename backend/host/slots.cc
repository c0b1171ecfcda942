#include "host/slots.h"

#include <utility>

namespace spanlog::host {

void Slots::Acquire(std::function<void()> start) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (free_ <= 0) {
      waiting_.push_back(std::move(start));
      return;
    }
    --free_;
  }
  start();
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
