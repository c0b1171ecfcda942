#include "query/metered_client.h"

#include <chrono>
#include <string>
#include <utility>

#include "base/metrics.h"
#include "base/text.h"

namespace spanlog::query {
namespace {

using Clock = std::chrono::steady_clock;

std::string OutcomeOf(const absl::StatusOr<http::Response>& response) {
  if (response.ok()) return Concat(response->status / 100, "xx");
  if (absl::IsCancelled(response.status())) return "cancelled";
  if (absl::IsDeadlineExceeded(response.status())) return "timeout";
  return "failed";
}

class MeteredPending final : public http::Pending {
 public:
  MeteredPending(std::unique_ptr<http::Pending> pending, std::string_view store)
      : pending_(std::move(pending)), store_(store) {}

  std::optional<Chunk> NextPiece(absl::FunctionRef<void()> before_waiting) override {
    std::optional<Chunk> piece = pending_->NextPiece(before_waiting);
    if (piece.has_value()) bytes_ += piece->size();
    return piece;
  }

  absl::StatusOr<http::Response> Wait() override {
    absl::StatusOr<http::Response> response = pending_->Wait();
    // The answer's own time where there is one: it may have lain here for a while.
    const double seconds = response.ok() && response->total_ms > 0
                               ? response->total_ms / 1000
                               : std::chrono::duration<double>(Clock::now() - started_).count();
    Metrics& metrics = AllMetrics();
    metrics.upstream_seconds.With({store_}).Observe(seconds);
    metrics.upstream_requests.With({store_, OutcomeOf(response)}).Add();
    if (response.ok()) metrics.upstream_bytes.With({store_}).Add(bytes_ + response->body.size());
    return response;
  }

 private:
  const std::unique_ptr<http::Pending> pending_;
  const std::string_view store_;
  const Clock::time_point started_ = Clock::now();
  size_t bytes_ = 0;  // of the pieces
};

class MeteredClient final : public http::Client {
 public:
  MeteredClient(std::unique_ptr<http::Client> client, std::string_view store)
      : client_(std::move(client)), store_(store) {}

  std::unique_ptr<http::Pending> Start(http::Request request) override {
    return std::make_unique<MeteredPending>(client_->Start(std::move(request)), store_);
  }

 private:
  const std::unique_ptr<http::Client> client_;
  const std::string_view store_;
};

}  // namespace

std::unique_ptr<http::Client> Metered(std::unique_ptr<http::Client> client,
                                      std::string_view store) {
  return std::make_unique<MeteredClient>(std::move(client), store);
}

}  // namespace spanlog::query
