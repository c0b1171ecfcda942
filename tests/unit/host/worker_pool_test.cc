#include "host/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "host/slots.h"

namespace spanlog::host {
namespace {

using std::chrono::milliseconds;

// Holds tasks until it is opened.
class Gate {
 public:
  void Pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    ++inside_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void Open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  bool WaitFor(int inside) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return inside_ >= inside; });
  }
  int inside() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return inside_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;
  bool open_ = false;
};

bool Eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

TEST(WorkerPoolTest, TwoHundredSlowTasksRunAtOnce) {
  Gate gate;
  WorkerPool pool;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(pool.Submit([&] { gate.Pass(); }));
  EXPECT_TRUE(gate.WaitFor(200));
  EXPECT_GE(pool.threads(), 200u);
  gate.Open();
}

TEST(WorkerPoolTest, MakesNoThreadsBeforeThereIsWorkAndEndsIdleOnes) {
  WorkerPool pool({.max_threads = 8, .max_waiting = 8, .idle = milliseconds(20)});
  EXPECT_EQ(pool.threads(), 0u);
  std::atomic<int> done{0};
  for (int i = 0; i < 4; ++i) pool.Submit([&] { ++done; });
  EXPECT_TRUE(Eventually([&] { return done == 4 && pool.threads() == 0; }));
  pool.Submit([&] { ++done; });
  EXPECT_TRUE(Eventually([&] { return done == 5; }));
}

TEST(WorkerPoolTest, UsesAnIdleThreadAgain) {
  WorkerPool pool({.max_threads = 8, .max_waiting = 8, .idle = milliseconds(5000)});
  std::atomic<int> done{0};
  for (int i = 0; i < 20; ++i) {
    pool.Submit([&] { ++done; });
    ASSERT_TRUE(Eventually([&] { return done == i + 1; }));
    std::this_thread::sleep_for(milliseconds(2));
  }
  EXPECT_LE(pool.threads(), 2u);
}

TEST(WorkerPoolTest, RefusesWhatTheQueueCannotHold) {
  Gate gate;
  std::atomic<int> done{0};
  {
    WorkerPool pool({.max_threads = 2, .max_waiting = 3, .idle = milliseconds(10)});
    for (int i = 0; i < 2; ++i)
      ASSERT_TRUE(pool.Submit([&] {
        gate.Pass();
        ++done;
      }));
    ASSERT_TRUE(gate.WaitFor(2));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.Submit([&] { ++done; }));
    EXPECT_FALSE(pool.Submit([&] { ++done; }));
    gate.Open();
  }
  EXPECT_EQ(done, 5) << "the destructor runs what waits";
}

TEST(WorkerPoolTest, ATaskThatThrowsHarmsNoOther) {
  std::atomic<int> done{0};
  {
    WorkerPool pool({.max_threads = 1, .max_waiting = 8, .idle = milliseconds(10)});
    pool.Submit([] { throw std::runtime_error("boom"); });
    pool.Submit([] { throw 1; });
    pool.Submit([&] { ++done; });
  }
  EXPECT_EQ(done, 1);
}

TEST(WorkerPoolTest, ManyThreadsMaySubmit) {
  std::atomic<int> done{0};
  {
    WorkerPool pool({.max_threads = 4, .max_waiting = 100'000, .idle = milliseconds(1)});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) EXPECT_TRUE(pool.Submit([&] { ++done; }));
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(done, 2000);
}

TEST(SlotsTest, LetsNoMoreInThanThereAreAndServesInOrder) {
  Slots slots(2);
  std::vector<int> started;
  for (int i = 0; i < 5; ++i) slots.Acquire([&started, i] { started.push_back(i); });
  EXPECT_EQ(started, (std::vector<int>{0, 1}));
  slots.Release();
  EXPECT_EQ(started, (std::vector<int>{0, 1, 2}));
  slots.Release();
  slots.Release();
  EXPECT_EQ(started, (std::vector<int>{0, 1, 2, 3, 4}));
  for (int i = 0; i < 2; ++i) slots.Release();
  slots.Acquire([&started] { started.push_back(9); });
  EXPECT_EQ(started.back(), 9);
}

TEST(SlotsTest, RefusesWhenTooManyWaitAndForgetsThoseItRefused) {
  Slots slots(1, 1);
  int started = 0;
  const auto start = [&] { ++started; };
  EXPECT_TRUE(slots.Acquire(start));
  EXPECT_TRUE(slots.Acquire(start));
  EXPECT_FALSE(slots.Acquire(start));
  slots.Release();
  slots.Release();
  EXPECT_EQ(started, 2);
}

}  // namespace
}  // namespace spanlog::host
