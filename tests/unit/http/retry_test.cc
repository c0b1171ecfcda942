// When a request is sent once more, and when not. The servers are real; waits are milliseconds.
#include "http/retry.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <thread>

#include "http/retry_budget.h"
#include "testing.h"

namespace spanlog::http {
namespace {

using replay::HttpServer;
using replay::Trouble;
using testing::HasSubstr;

// Answers with each status of a list in turn, then with 200.
class Turns {
 public:
  explicit Turns(std::vector<int> statuses, std::string retry_after = "")
      : statuses_(std::move(statuses)), retry_after_(std::move(retry_after)) {}

  HttpServer::Handler Handler() {
    return [this](const replay::Request&) {
      const size_t turn = asked_++;
      replay::Answer answer;
      const int status = turn < statuses_.size() ? statuses_[turn] : 200;
      answer.reply = replay::TextReply(status, "turn " + std::to_string(turn));
      if (status != 200 && !retry_after_.empty()) {
        answer.reply.headers.emplace_back("Retry-After", retry_after_);
      }
      return answer;
    };
  }
  size_t asked() const { return asked_; }

 private:
  std::vector<int> statuses_;
  std::string retry_after_;
  std::atomic<size_t> asked_{0};
};

RetryOptions Quick() {
  RetryOptions options;
  options.first_delay_ms = 2;
  return options;
}

std::unique_ptr<Client> RetryingClientWith(RetryOptions options) {
  return Retrying(MakeClient(), std::move(options));
}

struct Outcome {
  int status = 0;
  size_t asked = 0;
};

Outcome FetchOnce(std::vector<int> statuses, std::string retry_after = "",
                  std::string method = "GET") {
  Turns turns(std::move(statuses), std::move(retry_after));
  HttpServer server(turns.Handler());
  Request request = Get(server.url());
  request.method = std::move(method);
  const auto response = RetryingClientWith(Quick())->Fetch(std::move(request));
  EXPECT_TRUE(response.ok()) << response.status();
  return {response.ok() ? response->status : 0, turns.asked()};
}

TEST(RetryTest, APassingFailureOfAGatewayIsNotSeen) {
  for (const int status : {502, 503, 504}) {
    const Outcome outcome = FetchOnce({status});
    EXPECT_EQ(outcome.status, 200) << status;
    EXPECT_EQ(outcome.asked, 2u) << status;
  }
}

TEST(RetryTest, AfterThreeAttemptsTheFailureIsTheAnswer) {
  const Outcome outcome = FetchOnce({503, 503, 503, 503});
  EXPECT_EQ(outcome.status, 503);
  EXPECT_EQ(outcome.asked, 3u);
}

TEST(RetryTest, OtherAnswersAreFinal) {
  for (const int status : {200, 301, 400, 401, 403, 404, 413, 422, 429, 500, 501}) {
    const Outcome outcome = FetchOnce({status});
    EXPECT_EQ(outcome.status, status);
    EXPECT_EQ(outcome.asked, 1u) << status;
  }
}

TEST(RetryTest, APostIsNeverSentTwice) {
  const Outcome outcome = FetchOnce({503}, "", "POST");
  EXPECT_EQ(outcome.status, 503);
  EXPECT_EQ(outcome.asked, 1u);
}

TEST(RetryTest, A429IsTriedAgainOnlyWhenItSaysWhenAndThatIsSoon) {
  EXPECT_EQ(FetchOnce({429}, "0").status, 200);
  EXPECT_EQ(FetchOnce({429}, "60").asked, 1u);
  EXPECT_EQ(FetchOnce({503}, "60").asked, 1u);
  EXPECT_EQ(FetchOnce({429}, "soon").asked, 1u);
}

TEST(RetryTest, WaitsAsLongAsTheServerAsks) {
  Turns turns({429}, "1");
  HttpServer server(turns.Handler());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(RetryingClientWith(Quick())->Fetch(Get(server.url()))->status, 200);
  EXPECT_GE(MsSince(start), 1000);
}

TEST(RetryTest, AServerThatIsBackAfterAMomentIsReached) {
  // A port that nobody listens on until the first retry is announced.
  int port = 0;
  {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
    port = acceptor.local_endpoint().port();
  }
  std::unique_ptr<HttpServer> server;
  std::vector<RetryEvent> events;
  RetryOptions options = Quick();
  options.on_retry = [&](const RetryEvent& event) {
    events.push_back(event);
    if (!server) server = std::make_unique<HttpServer>(Always("here"), port);
  };
  const auto response =
      RetryingClientWith(options)->Fetch(Get("http://127.0.0.1:" + std::to_string(port)));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "here");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].attempt, 2);
  EXPECT_THAT(events[0].reason, HasSubstr("Connection refused"));
}

TEST(RetryTest, WhatReachedTheServerAndFailedIsNotSentAgain) {
  for (const Trouble trouble : {Trouble::kReset, Trouble::kClose, Trouble::kTruncate,
                                Trouble::kGarbage, Trouble::kBrokenGzip}) {
    std::atomic<int> asked{0};
    HttpServer server([&](const replay::Request&) {
      ++asked;
      replay::Answer answer;
      answer.reply = replay::TextReply(200, std::string(9000, 'b'));
      answer.trouble = trouble;
      return answer;
    });
    EXPECT_FALSE(RetryingClientWith(Quick())->Fetch(Get(server.url())).ok());
    EXPECT_EQ(asked, 1);
  }
}

TEST(RetryTest, StopsWhenTheTimeThatIsLeftWouldNotDo) {
  Turns turns({503, 503});
  HttpServer server(turns.Handler());
  RetryOptions options;
  options.first_delay_ms = 60'000;
  options.total_timeout_ms = 20'000;
  const auto start = std::chrono::steady_clock::now();
  const auto response = RetryingClientWith(options)->Fetch(Get(server.url()));
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(turns.asked(), 1u);
  EXPECT_LT(MsSince(start), kSoonMs);
}

TEST(RetryTest, ASlowSecondAttemptEndsAtTheDeadlineWithTheFirstFailure) {
  std::atomic<int> asked{0};
  HttpServer server([&](const replay::Request&) {
    replay::Answer answer;
    answer.reply = replay::TextReply(503, "starting");
    if (asked++ > 0) answer.trouble = Trouble::kStall;
    return answer;
  });
  Request request = Get(server.url());
  request.total_timeout_ms = 1500;
  const auto start = std::chrono::steady_clock::now();
  const auto response = RetryingClientWith(Quick())->Fetch(std::move(request));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "starting");
  EXPECT_EQ(asked, 2);
  EXPECT_LT(MsSince(start), kSoonMs);
}

TEST(RetryTest, CancellingEndsTheWaitAtOnce) {
  Turns turns({503});
  HttpServer server(turns.Handler());
  auto cancellation = std::make_shared<Cancellation>();
  RetryOptions options;
  options.first_delay_ms = 60'000;
  options.total_timeout_ms = 0;
  std::thread canceller;
  options.on_retry = [&](const RetryEvent&) {
    canceller = std::thread([cancellation] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      cancellation->Cancel();
    });
  };
  Request request = Get(server.url());
  request.cancellation = cancellation;
  const auto start = std::chrono::steady_clock::now();
  const auto response = RetryingClientWith(options)->Fetch(std::move(request));
  canceller.join();
  EXPECT_TRUE(absl::IsCancelled(response.status())) << response.status();
  EXPECT_LT(MsSince(start), kSoonMs);
  EXPECT_EQ(turns.asked(), 1u);
}

TEST(RetryTest, AStoreThatKeepsFailingIsAskedOncePerRequest) {
  Turns turns(std::vector<int>(100, 503));
  HttpServer server(turns.Handler());
  const auto client = RetryingClientWith(Quick());
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client->Fetch(Get(server.url()))->status, 503);
  }
  // Twenty requests, and the few retries that half of a full budget allows.
  EXPECT_GE(turns.asked(), 20u);
  EXPECT_LE(turns.asked(), 24u);
}

TEST(RetryBudgetTest, SuccessesEarnRetriesBackSlowly) {
  RetryBudget budget;
  for (int i = 0; i < 20; ++i) budget.Failed();
  EXPECT_FALSE(budget.Allows());
  for (int i = 0; i < 50; ++i) budget.Succeeded();
  EXPECT_FALSE(budget.Allows());
  budget.Succeeded();
  EXPECT_TRUE(budget.Allows());
  for (int i = 0; i < 1000; ++i) budget.Succeeded();
  for (int i = 0; i < 4; ++i) budget.Failed();
  EXPECT_TRUE(budget.Allows());
  budget.Failed();
  EXPECT_FALSE(budget.Allows());
}

TEST(RetryAfterTest, ReadsSecondsAndDatesAndNothingElse) {
  const auto read = [](std::string value) {
    Response response;
    response.headers.emplace_back("retry-after", std::move(value));
    return RetryAfterMs(response);
  };
  EXPECT_EQ(read("0"), 0);
  EXPECT_EQ(read(" 2 "), 2000);
  EXPECT_EQ(read("-3"), -1);
  EXPECT_EQ(read("a while"), -1);
  EXPECT_EQ(read("99999999999999"), 24 * 3600 * 1000);
  EXPECT_EQ(read("Wed, 21 Oct 2015 07:28:00 GMT"), 0);
  EXPECT_EQ(read("Fri, 31 Dec 2199 23:59:59 GMT"), 24 * 3600 * 1000);
  EXPECT_EQ(RetryAfterMs(Response()), -1);
}

}  // namespace
}  // namespace spanlog::http
