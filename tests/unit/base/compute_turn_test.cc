#include "base/compute_turn.h"

#include <atomic>
#include <chrono>
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
        turn.Take(ComputeStep::kWeave, nullptr);
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
  turn.Take(ComputeStep::kWeave, nullptr);
  turn.Take(ComputeStep::kWeave, nullptr);
}

TEST(ComputeTurnTest, TheNextIsLetInWhenOneLeaves) {
  ComputeGate gate(1);
  std::atomic<bool> second{false};
  std::thread waiting;
  {
    ComputeTurn first(gate);
    first.Take(ComputeStep::kRead, nullptr);
    waiting = std::thread([&] {
      ComputeTurn turn(gate);
      turn.Take(ComputeStep::kWeave, nullptr);
      second = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_FALSE(second.load());
  }
  waiting.join();
  EXPECT_TRUE(second.load());
}

TEST(ComputeTurnTest, WhoWeavesGoesBeforeWhoReads) {
  ComputeGate gate(1);
  std::vector<ComputeStep> order;
  std::vector<std::thread> threads;
  {
    ComputeTurn first(gate);
    first.Take(ComputeStep::kRead, nullptr);
    for (const ComputeStep step : {ComputeStep::kRead, ComputeStep::kRead, ComputeStep::kWeave}) {
      threads.emplace_back([&gate, &order, step] {
        ComputeTurn turn(gate);
        turn.Take(step, nullptr);
        order.push_back(step);  // the gate lets one in
      });
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
    }
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(order.size(), 3u);
  EXPECT_EQ(order.front(), ComputeStep::kWeave);
}

TEST(ComputeTurnTest, WhoIsCancelledWaitsNoLongerAndHoldsNobodyUp) {
  ComputeGate gate(1);
  Cancellation cancellation;
  std::atomic<bool> third{false};
  std::thread behind;
  {
    ComputeTurn first(gate);
    first.Take(ComputeStep::kRead, nullptr);
    std::thread waiting([&] {
      ComputeTurn second(gate);
      second.Take(ComputeStep::kRead, &cancellation);
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    behind = std::thread([&] {
      ComputeTurn turn(gate);
      turn.Take(ComputeStep::kRead, nullptr);
      third = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    cancellation.Cancel();
    waiting.join();  // the first turn is still held
    EXPECT_FALSE(third.load());
  }
  behind.join();
  EXPECT_TRUE(third.load());
}

TEST(ComputeTurnTest, WhoWasCancelledBeforeTakesAFreeTurnAndWaitsForNone) {
  ComputeGate gate(1);
  Cancellation cancellation;
  cancellation.Cancel();
  ComputeTurn first(gate), second(gate);
  first.Take(ComputeStep::kWeave, &cancellation);
  second.Take(ComputeStep::kWeave, &cancellation);
}

TEST(ComputeTurnTest, NoTurnIsLostWhenCancellingMeetsLettingIn) {
  ComputeGate gate(1);
  for (int round = 0; round < 200; ++round) {
    Cancellation cancellation;
    std::thread waiting, canceller;
    {
      ComputeTurn first(gate);
      first.Take(ComputeStep::kRead, nullptr);
      waiting = std::thread([&] {
        ComputeTurn turn(gate);
        turn.Take(ComputeStep::kRead, &cancellation);
      });
      canceller = std::thread([&] { cancellation.Cancel(); });
    }
    waiting.join();
    canceller.join();
  }
  ComputeTurn last(gate);
  last.Take(ComputeStep::kRead, nullptr);
}

}  // namespace
}  // namespace spanlog
