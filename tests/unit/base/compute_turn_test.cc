#include "base/compute_turn.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace spanlog {
namespace {

TEST(ComputeTurnTest, LetsNoMoreInThanItsLimit) {
  ComputeGate gate(2);
  std::atomic<int> inside{0}, most{0}, turns{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        ComputeTurn turn(gate);
        turn.Take();
        const int now = ++inside;
        int seen = most.load();
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::yield();
        ++turns;
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most.load(), 2);
  EXPECT_EQ(turns.load(), 400);
}

TEST(ComputeTurnTest, ATurnThatWasNotTakenHoldsNobodyUp) {
  ComputeGate gate(1);
  ComputeTurn idle(gate);
  ComputeTurn turn(gate);
  turn.Take();
  turn.Take();
}

TEST(ComputeTurnTest, TheNextIsLetInWhenOneLeaves) {
  ComputeGate gate(1);
  std::atomic<bool> second{false};
  std::thread waiting;
  {
    ComputeTurn first(gate);
    first.Take();
    waiting = std::thread([&] {
      ComputeTurn turn(gate);
      turn.Take();
      second = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_FALSE(second.load());
  }
  waiting.join();
  EXPECT_TRUE(second.load());
}

}  // namespace
}  // namespace spanlog
