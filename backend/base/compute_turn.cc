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

bool ComputeGate::Enter(ComputeStep step, Cancellation* cancellation) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (inside_ < limit_) {
    ++inside_;
    return true;
  }
  Waiter me;
  std::deque<Waiter*>& line = waiting_[static_cast<size_t>(step)];
  line.push_back(&me);
  uint64_t handle = 0;
  if (cancellation != nullptr) {
    lock.unlock();  // who cancels holds the cancellation's lock when it asks for this one
    handle = cancellation->OnCancel([&] {
      const std::lock_guard<std::mutex> cancelling(mutex_);
      me.gave_up = true;
      me.let_in.notify_one();
    });
    lock.lock();
  }
  me.let_in.wait(lock, [&] { return me.is_in || me.gave_up; });
  if (!me.is_in) std::erase(line, &me);
  lock.unlock();
  if (cancellation != nullptr) cancellation->Remove(handle);
  return me.is_in;
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
