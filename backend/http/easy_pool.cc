#include "http/easy_pool.h"

#include <utility>

namespace spanlog::http {
namespace {

// A handle knows the name servers of the time when it was made.
constexpr std::chrono::seconds kLongestUse(60);
constexpr size_t kMostIdle = 16;

}  // namespace

Easy Easy::New() { return {decltype(curl)(curl_easy_init()), std::chrono::steady_clock::now()}; }

Easy EasyPool::Take() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<Easy> old;  // cleaned up without the lock
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    while (!idle_.empty()) {
      Easy easy = std::move(idle_.back());
      idle_.pop_back();
      if (now - easy.made < kLongestUse) return easy;
      old.push_back(std::move(easy));
    }
  }
  return Easy::New();
}

void EasyPool::Give(Easy easy) {
  curl_easy_reset(easy.curl.get());
  const std::lock_guard<std::mutex> lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(easy));
}

}  // namespace spanlog::http
