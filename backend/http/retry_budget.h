// Keeps retries from becoming a load of their own: a store that mostly fails is asked once per
// request. The rule is gRPC's retry throttling: a failure takes one token, a success gives a tenth
// back, and a retry needs more than half of the tokens.
#pragma once

#include <atomic>

namespace spanlog::http {

// Thread-safe.
class RetryBudget {
 public:
  void Succeeded() { Add(kPerSuccess); }
  void Failed() { Add(-kPerFailure); }
  bool Allows() const { return tokens_.load(std::memory_order_relaxed) > kFull / 2; }

 private:
  static constexpr int kPerSuccess = 1;  // tenths of a token
  static constexpr int kPerFailure = 10;
  static constexpr int kFull = 100;

  void Add(int amount) {
    int now = tokens_.load(std::memory_order_relaxed);
    int next = 0;
    do {
      next = now + amount < 0 ? 0 : now + amount > kFull ? kFull : now + amount;
    } while (!tokens_.compare_exchange_weak(now, next, std::memory_order_relaxed));
  }

  std::atomic<int> tokens_{kFull};
};

}  // namespace spanlog::http
