#include "base/compute_turn.h"

#include <algorithm>
#include <thread>

namespace spanlog {
namespace {

ComputeGate& ProcessGate() {
  static ComputeGate& gate = *new ComputeGate(std::max(2u, std::thread::hardware_concurrency()));
  return gate;
}

}  // namespace

void ComputeGate::Enter() {
  std::unique_lock<std::mutex> lock(mutex_);
  const uint64_t number = came_++;
  left_gate_.wait(lock, [&] { return number < left_ + limit_; });
}

void ComputeGate::Leave() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++left_;
  }
  left_gate_.notify_all();
}

ComputeTurn::ComputeTurn() : ComputeTurn(ProcessGate()) {}

}  // namespace spanlog
