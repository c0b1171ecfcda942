// Many requests at once, and what becomes of their connections.
#include <thread>
#include <vector>

#include "testing.h"

namespace spanlog::http {
namespace {

using replay::Eventually;
using replay::HttpServer;
using replay::Trouble;

TEST(ClientLoadTest, UsesAConnectionAgain) {
  HttpServer server(Always(std::string(5000, 'x')));
  const auto client = MakeClient();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(client->Fetch(Get(server.url())).ok());
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientLoadTest, OpensANewConnectionWhenTheServerClosedTheOld) {
  HttpServer server(
      Always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Trouble::kRaw));  // then closes
  const auto client = MakeClient();
  for (int i = 1; i <= 3; ++i) {
    const auto response = client->Fetch(Get(server.url()));
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(server.connections(), i);
    EXPECT_TRUE(Eventually([&] { return server.open_connections() == 0; }));
  }
}

TEST(ClientLoadTest, ClosesConnectionsThatStayIdle) {
  HttpServer server(Always("x"));
  ClientOptions options;
  options.idle_timeout_ms = 1000;
  const auto client = MakeClient(options);
  ASSERT_TRUE(client->Fetch(Get(server.url())).ok());
  EXPECT_EQ(server.open_connections(), 1);
  EXPECT_TRUE(Eventually([&] { return server.open_connections() == 0; }));
  EXPECT_TRUE(client->Fetch(Get(server.url())).ok());
  EXPECT_EQ(server.connections(), 2);
}

TEST(ClientLoadTest, ServesThirtyTwoThreadsAtOnce) {
  HttpServer server([](const replay::Request& request) {
    replay::Answer answer;
    answer.reply = replay::TextReply(200, request.target + std::string(20'000, 'y'));
    return answer;
  });
  const auto client = MakeClient();
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 32; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string target = "/" + std::to_string(t) + "/" + std::to_string(i);
        const auto response = client->Fetch(Get(server.url() + target));
        if (response.ok() && response->body == target + std::string(20'000, 'y')) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 32 * 20);
  EXPECT_LE(server.connections(), 32);
}

TEST(ClientLoadTest, KeepsToItsNumberOfConnections) {
  std::atomic<int> now{0}, most{0};
  HttpServer server([&](const replay::Request&) {
    const int running = ++now;
    for (int seen = most; running > seen && !most.compare_exchange_weak(seen, running);) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    --now;
    replay::Answer answer;
    answer.reply = replay::TextReply(200, "x");
    return answer;
  });
  ClientOptions options;
  options.max_connections = 3;
  const auto client = MakeClient(options);
  std::vector<std::unique_ptr<Pending>> pending;
  for (int i = 0; i < 30; ++i) pending.push_back(client->Start(Get(server.url())));
  for (const auto& one : pending) EXPECT_TRUE(one->Wait().ok());
  EXPECT_LE(most, 3);
  EXPECT_LE(server.connections(), 3);
}

TEST(ClientLoadTest, WaitingForAConnectionCountsTowardsTheTimeout) {
  HttpServer server(Always("x", Trouble::kStall));
  ClientOptions options;
  options.max_connections = 1;
  const auto client = MakeClient(options);
  const auto first = client->Start(Get(server.url()));
  ASSERT_TRUE(Eventually([&] { return server.open_connections() == 1; }));
  Request request = Get(server.url());
  request.total_timeout_ms = 200;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(client->Fetch(std::move(request)).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_LT(MsSince(start), kSoonMs);
}

TEST(ClientLoadTest, OneStalledRequestDoesNotHoldUpOthers) {
  HttpServer server([](const replay::Request& request) {
    replay::Answer answer;
    answer.reply = replay::TextReply(200, "x");
    if (request.path == "/stall") answer.trouble = Trouble::kStall;
    return answer;
  });
  const auto client = MakeClient();
  const auto stalled = client->Start(Get(server.url() + "/stall"));
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(client->Fetch(Get(server.url())).ok());
}

TEST(ClientLoadTest, MixesSuccessFailureAndCancellation) {
  HttpServer server([](const replay::Request& request) {
    static std::atomic<int> counter{0};
    constexpr Trouble kTroubles[] = {Trouble::kNone, Trouble::kReset, Trouble::kTruncate,
                                     Trouble::kStall, Trouble::kGarbage};
    replay::Answer answer;
    answer.reply = replay::TextReply(200, std::string(3000, 'm'));
    if (request.path == "/any") answer.trouble = kTroubles[counter++ % 5];
    return answer;
  });
  const auto client = MakeClient();
  std::vector<std::thread> threads;
  std::atomic<int> fine{0};
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        Request any = Get(server.url() + "/any");
        any.total_timeout_ms = 20;
        any.cancellation = std::make_shared<Cancellation>();
        const CancellationPtr cancellation = any.cancellation;
        const auto pending = client->Start(std::move(any));
        if (i % 3 == 0) cancellation->Cancel();
        (void)pending->Wait();
        if (client->Fetch(Get(server.url() + "/good")).ok()) ++fine;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fine, 16 * 20);
}

}  // namespace
}  // namespace spanlog::http
