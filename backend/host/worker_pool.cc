#include "host/worker_pool.h"

#include <system_error>
#include <thread>
#include <utility>

namespace spanlog::host {

WorkerPool::WorkerPool(WorkerPoolOptions options) : options_(options) {}

WorkerPool::~WorkerPool() {
  std::unique_lock<std::mutex> lock(mutex_);
  stopping_ = true;
  work_.notify_all();
  ended_.wait(lock, [this] { return threads_ == 0; });
}

size_t WorkerPool::threads() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return threads_;
}

bool WorkerPool::Submit(std::function<void()> task) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stopping_ || waiting_.size() >= options_.max_waiting) return false;
  // Every waiting task needs an idle thread of its own, or tasks would wait behind slow ones.
  if (waiting_.size() >= idle_ && threads_ < options_.max_threads) {
    try {
      std::thread([this] { Work(); }).detach();
      ++threads_;
    } catch (const std::system_error&) {
      if (threads_ == 0) return false;
    }
  }
  waiting_.push_back(std::move(task));
  work_.notify_one();
  return true;
}

void WorkerPool::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    ++idle_;
    const bool work =
        work_.wait_for(lock, options_.idle, [this] { return !waiting_.empty() || stopping_; });
    --idle_;
    if (waiting_.empty()) {
      if (!work || stopping_) break;
      continue;
    }
    std::function<void()> task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    try {
      task();
    } catch (...) {
    }
    task = nullptr;  // what it holds must go outside the lock
    lock.lock();
  }
  --threads_;
  // Notified under the lock: the destructor may free *this as soon as it sees zero.
  ended_.notify_all();
}

}  // namespace spanlog::host
