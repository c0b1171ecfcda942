#include "http/retry.h"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <limits>
#include <mutex>
#include <random>
#include <utility>

#include "base/text.h"
#include "http/curl_errors.h"
#include "http/retry_budget.h"

namespace spanlog::http {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kNoEnd = std::numeric_limits<int64_t>::max();

int64_t MsBetween(Clock::time_point from, Clock::time_point to) {
  return std::chrono::ceil<std::chrono::milliseconds>(to - from).count();
}

// Half of `ms` for certain, the rest by chance, so that clients which failed together do not come
// back together.
int WithJitter(int ms) {
  thread_local std::minstd_rand random(std::random_device{}());
  return ms / 2 + std::uniform_int_distribution<int>(0, std::max(ms - ms / 2, 0))(random);
}

enum class Verdict { kGood, kFinal, kPasses };

Verdict Judge(const absl::StatusOr<Response>& answer) {
  if (!answer.ok()) return FailedToConnect(answer.status()) ? Verdict::kPasses : Verdict::kFinal;
  switch (answer->status) {
    case 502:
    case 503:
    case 504:
      return Verdict::kPasses;
    case 429:
      return RetryAfterMs(*answer) >= 0 ? Verdict::kPasses : Verdict::kFinal;
    default:
      return Verdict::kGood;
  }
}

struct Shared {
  std::unique_ptr<Client> client;
  RetryOptions options;
  RetryBudget budget;
};

class RetryingPending final : public Pending {
 public:
  RetryingPending(std::shared_ptr<Shared> shared, Request request)
      : shared_(std::move(shared)), request_(std::move(request)), began_(Clock::now()) {
    left_at_start_ms_ =
        shared_->options.total_timeout_ms > 0 ? shared_->options.total_timeout_ms : kNoEnd;
    if (request_.total_timeout_ms >= 0) {
      left_at_start_ms_ = std::min<int64_t>(left_at_start_ms_, request_.total_timeout_ms);
    }
    pending_ = shared_->client->Start(request_);
  }

  // Only a 200 has pieces, and that is never asked for again: the attempt that Wait makes, when the
  // first one failed, comes whole.
  std::optional<Chunk> NextPiece(absl::FunctionRef<void()> before_waiting) override {
    return pending_->NextPiece(before_waiting);
  }

  absl::StatusOr<Response> Wait() override {
    absl::StatusOr<Response> answer = pending_->Wait();
    Clock::time_point attempt_began = began_;
    for (int attempt = 2;; ++attempt) {
      const Verdict verdict = Judge(answer);
      if (verdict == Verdict::kGood) shared_->budget.Succeeded();
      if (verdict != Verdict::kPasses) return answer;
      shared_->budget.Failed();
      const int delay_ms = DelayMs(answer, attempt);
      if (delay_ms < 0 || attempt > shared_->options.max_attempts || !shared_->budget.Allows()) {
        return answer;
      }
      const Clock::time_point now = Clock::now();
      if (LeftMs(now) - delay_ms <= MsBetween(attempt_began, now)) return answer;
      if (shared_->options.on_retry) {
        shared_->options.on_retry({attempt, delay_ms,
                                   answer.ok() ? Concat("HTTP ", answer->status)
                                               : std::string(answer.status().message())});
      }
      Sleep(delay_ms);
      // When it was cancelled meanwhile, Start says so.
      attempt_began = Clock::now();
      Request again = request_;
      if (left_at_start_ms_ != kNoEnd) {
        again.total_timeout_ms = static_cast<int>(std::max<int64_t>(LeftMs(attempt_began), 1));
      }
      pending_ = shared_->client->Start(std::move(again));
      absl::StatusOr<Response> next = pending_->Wait();
      // The failure before says more than the end of our patience.
      if (absl::IsDeadlineExceeded(next.status())) return answer;
      answer = std::move(next);
    }
  }

 private:
  int64_t LeftMs(Clock::time_point now) const {
    return left_at_start_ms_ == kNoEnd ? kNoEnd : left_at_start_ms_ - MsBetween(began_, now);
  }

  // -1: the server asks for more time than a reader has.
  int DelayMs(const absl::StatusOr<Response>& answer, int attempt) const {
    const int shift = std::min(attempt - 2, 10);
    const int backoff = WithJitter(shared_->options.first_delay_ms << shift);
    const int64_t asked = answer.ok() ? RetryAfterMs(*answer) : -1;
    if (asked > shared_->options.max_retry_after_ms) return -1;
    if (asked <= backoff) return backoff;
    return static_cast<int>(asked) + WithJitter(static_cast<int>(asked) / 10);
  }

  void Sleep(int delay_ms) {
    std::mutex mutex;
    std::condition_variable wake;
    bool cancelled = false;
    uint64_t handle = 0;
    if (request_.cancellation) {
      handle = request_.cancellation->OnCancel([&] {
        const std::lock_guard<std::mutex> lock(mutex);
        cancelled = true;
        wake.notify_all();
      });
    }
    {
      std::unique_lock<std::mutex> lock(mutex);
      wake.wait_for(lock, std::chrono::milliseconds(delay_ms), [&] { return cancelled; });
    }
    if (request_.cancellation) request_.cancellation->Remove(handle);
  }

  const std::shared_ptr<Shared> shared_;
  const Request request_;
  const Clock::time_point began_;
  int64_t left_at_start_ms_ = kNoEnd;
  std::unique_ptr<Pending> pending_;
};

class RetryingClient final : public Client {
 public:
  RetryingClient(std::unique_ptr<Client> client, RetryOptions options)
      : shared_(std::make_shared<Shared>()) {
    shared_->client = std::move(client);
    shared_->options = std::move(options);
  }

  std::unique_ptr<Pending> Start(Request request) override {
    if (request.method != "GET" && request.method != "HEAD") {
      return shared_->client->Start(std::move(request));
    }
    return std::make_unique<RetryingPending>(shared_, std::move(request));
  }

 private:
  const std::shared_ptr<Shared> shared_;
};

}  // namespace

std::unique_ptr<Client> Retrying(std::unique_ptr<Client> client, RetryOptions options) {
  return std::make_unique<RetryingClient>(std::move(client), std::move(options));
}

int64_t RetryAfterMs(const Response& response) {
  const std::string_view value = TrimSpace(response.Header("retry-after"));
  constexpr int64_t kDay = 24 * 3600;
  int64_t seconds = 0;
  if (value.empty()) return -1;
  if (ParseInt64(value, seconds)) return seconds < 0 ? -1 : std::min(seconds, kDay) * 1000;
  const time_t at = curl_getdate(std::string(value).c_str(), nullptr);
  if (at == -1) return -1;
  return std::clamp<int64_t>(static_cast<int64_t>(at) - std::time(nullptr), 0, kDay) * 1000;
}

}  // namespace spanlog::http
