// Who shares a connection with whom.
#include <thread>

#include "testing.h"

namespace spanlog::http {
namespace {

using replay::HttpServer;

bool Ask(Client& client, const std::string& url, const std::string& key) {
  Request request = Get(url, {{"Authorization", "Bearer of " + key}});
  request.connection_key = key;
  const auto response = client.Fetch(std::move(request));
  return response.ok() && response->status == 200;
}

TEST(PoolsTest, RequestsOfOneKeyShareAConnectionAndOthersDoNot) {
  HttpServer server(Echo);
  const auto client = MakeClient({});
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(Ask(*client, server.url(), "a"));
    EXPECT_TRUE(Ask(*client, server.url(), "b"));
    EXPECT_TRUE(Ask(*client, server.url(), ""));
  }
  EXPECT_EQ(server.connections(), 3);
}

TEST(PoolsTest, ManyKeysHoldNoConnectionForEver) {
  HttpServer server(Echo);
  const auto client = MakeClient({});
  for (int key = 0; key < 200; ++key) {
    EXPECT_TRUE(Ask(*client, server.url(), "key " + std::to_string(key)));
  }
  EXPECT_TRUE(Ask(*client, server.url(), "last"));
  const auto start = std::chrono::steady_clock::now();
  while (server.open_connections() > 66 && MsSince(start) < 10'000) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_LE(server.open_connections(), 66);
}

TEST(PoolsTest, AQuietPoolLetsItsConnectionGo) {
  HttpServer server(Echo);
  ClientOptions options;
  options.idle_timeout_ms = 1000;
  const auto client = MakeClient(options);
  EXPECT_TRUE(Ask(*client, server.url(), "a"));
  const auto start = std::chrono::steady_clock::now();
  while (server.open_connections() > 0 && MsSince(start) < 10'000) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(server.open_connections(), 0);
}

TEST(PoolsTest, ACancelledRequestLeavesItsPool) {
  HttpServer server([](const replay::Request&) {
    replay::Answer answer;
    answer.trouble = replay::Trouble::kStall;
    return answer;
  });
  const auto client = MakeClient({});
  for (int i = 0; i < 20; ++i) {
    Request request = Get(server.url());
    request.connection_key = "key " + std::to_string(i % 2);
    request.cancellation = std::make_shared<Cancellation>();
    const auto pending = client->Start(request);
    request.cancellation->Cancel();
    EXPECT_TRUE(absl::IsCancelled(pending->Wait().status()));
  }
}

}  // namespace
}  // namespace spanlog::http
