// Threads for what blocks: queries, health checks, resource calls. gRPC's own threads
// must never wait for an upstream.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace spanlog::host {

struct WorkerPoolOptions {
  size_t max_threads = 512;
  size_t max_waiting = 4096;
  std::chrono::milliseconds idle{10'000};  // a thread without work ends after this
};

// Thread-safe. Threads are made when tasks come and no thread is free. The destructor runs what
// waits and returns when all tasks are done.
class WorkerPool {
 public:
  explicit WorkerPool(WorkerPoolOptions options = {});
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, and the task is dropped, when too many wait or no thread can be made at all. What a task
  // throws is swallowed: whoever submits it must catch for itself to know.
  bool Submit(std::function<void()> task);

  size_t threads() const;

 private:
  void Work();

  const WorkerPoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable ended_;
  std::deque<std::function<void()>> waiting_;  // guarded by mutex_, like all below
  size_t threads_ = 0;
  size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace spanlog::host
