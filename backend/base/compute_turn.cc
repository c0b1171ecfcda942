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

void ComputeGate::Enter(ComputeStep step) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (inside_ < limit_) {
    ++inside_;
    return;
  }
  Waiter me;
  waiting_[static_cast<size_t>(step)].push_back(&me);
  me.let_in.wait(lock, [&] { return me.is_in; });
}

void ComputeGate::Leave() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (std::deque<Waiter*>& line : waiting_) {
    if (line.empty()) continue;
    Waiter& next = *line.front();
    line.pop_front();
    next.is_in = true;
    next.let_in.notify_one();  // with the lock: it goes as soon as it may look
    return;
  }
  --inside_;
}

ComputeTurn::ComputeTurn() : ComputeTurn(ProcessGate()) {}

}  // namespace spanlog
