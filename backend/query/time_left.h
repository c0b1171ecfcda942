// The time that a query has for all its requests to the stores together.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "stores/store.h"

namespace spanlog::query {

// Counts from when it is made. `context` must outlive it.
class TimeLeft {
 public:
  explicit TimeLeft(const stores::RequestContext& context)
      : context_(context), started_(std::chrono::steady_clock::now()) {}

  // The request with the time that is left of it: 1 ms when there is none, since 0 means no limit.
  stores::RequestContext Context() const {
    stores::RequestContext context = context_;
    if (context.deadline_ms > 0) {
      const auto used = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::steady_clock::now() - started_);
      context.deadline_ms = std::max<int64_t>(context.deadline_ms - used.count(), 1);
    }
    return context;
  }

 private:
  const stores::RequestContext& context_;
  const std::chrono::steady_clock::time_point started_;
};

}  // namespace spanlog::query
