#include "query/metered_client.h"

#include <gtest/gtest.h>

#include <utility>

#include "base/metrics.h"

namespace spanlog::query {
namespace {

class FakePending : public http::Pending {
 public:
  explicit FakePending(absl::StatusOr<http::Response> answer) : answer_(std::move(answer)) {}
  std::optional<Chunk> NextPiece(absl::FunctionRef<void()>) override {
    return std::exchange(piece_, std::nullopt);
  }
  absl::StatusOr<http::Response> Wait() override { return answer_; }

 private:
  absl::StatusOr<http::Response> answer_;
  std::optional<std::string> piece_ = "a piece";
};

class FakeClient : public http::Client {
 public:
  explicit FakeClient(absl::StatusOr<http::Response> answer) : answer_(std::move(answer)) {}
  std::unique_ptr<http::Pending> Start(http::Request) override {
    return std::make_unique<FakePending>(answer_);
  }

 private:
  absl::StatusOr<http::Response> answer_;
};

uint64_t Requests(std::string_view outcome) {
  return AllMetrics().upstream_requests.With({"Test", outcome}).value();
}

void Fetch(absl::StatusOr<http::Response> answer) {
  (void)Metered(std::make_unique<FakeClient>(std::move(answer)), "Test")->Start({})->Wait();
}

TEST(MeteredClientTest, CountsRequestsByOutcomeAndBytes) {
  const uint64_t bytes = AllMetrics().upstream_bytes.With({"Test"}).value();
  http::Response good;
  good.status = 200;
  good.body = "12345";
  good.total_ms = 3;
  http::Response bad;
  bad.status = 503;

  Fetch(good);
  Fetch(bad);
  Fetch(absl::CancelledError(""));
  Fetch(absl::DeadlineExceededError(""));
  Fetch(absl::UnavailableError(""));

  for (const char* outcome : {"2xx", "5xx", "cancelled", "timeout", "failed"}) {
    EXPECT_EQ(Requests(outcome), 1u) << outcome;
  }
  EXPECT_EQ(AllMetrics().upstream_bytes.With({"Test"}).value(), bytes + 5);
  const auto pending = Metered(std::make_unique<FakeClient>(good), "Test")->Start({});
  while (pending->NextPiece([] {}).has_value()) {
  }
  (void)pending->Wait();
  EXPECT_EQ(AllMetrics().upstream_bytes.With({"Test"}).value(), bytes + 5 + 12);
  uint64_t observed = 0;
  for (const uint64_t count : AllMetrics().upstream_seconds.With({"Test"}).counts())
    observed += count;
  EXPECT_EQ(observed, 6u);
}

}  // namespace
}  // namespace spanlog::query
