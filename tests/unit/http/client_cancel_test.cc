#include <thread>

#include "testing.h"

namespace spanlog::http {
namespace {

using absl::StatusCode;
using replay::Eventually;
using replay::HttpServer;
using replay::Trouble;

TEST(ClientCancelTest, ClosesTheConnectionAtOnce) {
  for (const Trouble trouble : {Trouble::kStall, Trouble::kStallInBody, Trouble::kSlowHeaders}) {
    HttpServer server(Always(std::string(1000, 'x'), trouble));
    const auto client = MakeClient();
    Request request = Get(server.url());
    request.cancellation = std::make_shared<Cancellation>();
    const CancellationPtr cancellation = request.cancellation;
    const auto pending = client->Start(std::move(request));
    ASSERT_TRUE(Eventually([&] { return server.open_connections() == 1; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const auto start = std::chrono::steady_clock::now();
    cancellation->Cancel();
    const absl::Status status = pending->Wait().status();
    EXPECT_EQ(status.code(), StatusCode::kCancelled);
    EXPECT_TRUE(Eventually([&] { return server.open_connections() == 0; }));
    EXPECT_LT(MsSince(start), kSoonMs);
    EXPECT_TRUE(Eventually([&] { return server.abandoned() == 1; }));
  }
}

TEST(ClientCancelTest, StartsNothingWhenCancelledBefore) {
  HttpServer server(Always("x"));
  Request request = Get(server.url());
  request.cancellation = std::make_shared<Cancellation>();
  request.cancellation->Cancel();
  EXPECT_EQ(MakeClient()->Fetch(std::move(request)).status().code(), StatusCode::kCancelled);
  EXPECT_EQ(server.connections(), 0);
}

TEST(ClientCancelTest, DroppingAPendingRequestCancelsIt) {
  HttpServer server(Always("x", Trouble::kStall));
  const auto client = MakeClient();
  auto pending = client->Start(Get(server.url()));
  ASSERT_TRUE(Eventually([&] { return server.open_connections() == 1; }));
  pending.reset();
  EXPECT_TRUE(Eventually([&] { return server.open_connections() == 0; }));
}

TEST(ClientCancelTest, LeavesOtherRequestsAlone) {
  HttpServer server([](const replay::Request& request) {
    replay::Answer answer;
    answer.reply = replay::TextReply(200, "fine");
    if (request.path == "/stall") answer.trouble = Trouble::kStall;
    if (request.path == "/slow") answer.delay_ms = 200;
    return answer;
  });
  const auto client = MakeClient();
  const auto slow = client->Start(Get(server.url() + "/slow"));
  client->Start(Get(server.url() + "/stall")).reset();
  const auto response = slow->Wait();
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "fine");
}

TEST(ClientCancelTest, CancellingADoneRequestDoesNothing) {
  HttpServer server(Always("x"));
  Request request = Get(server.url());
  request.cancellation = std::make_shared<Cancellation>();
  const CancellationPtr cancellation = request.cancellation;
  const auto client = MakeClient();
  EXPECT_TRUE(client->Fetch(std::move(request)).ok());
  cancellation->Cancel();
  EXPECT_TRUE(client->Fetch(Get(server.url())).ok());
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientCancelTest, DestroyingTheClientCancelsWhatIsUnderWay) {
  HttpServer server(Always("x", Trouble::kStall));
  auto client = MakeClient();
  const auto pending = client->Start(Get(server.url()));
  ASSERT_TRUE(Eventually([&] { return server.open_connections() == 1; }));
  const auto start = std::chrono::steady_clock::now();
  client.reset();
  EXPECT_EQ(pending->Wait().status().code(), StatusCode::kCancelled);
  EXPECT_LT(MsSince(start), kSoonMs);
}

TEST(ClientCancelTest, CancelsARequestThatWaitsForAConnection) {
  HttpServer server(Always("x", Trouble::kStall));
  ClientOptions options;
  options.max_connections = 1;
  const auto client = MakeClient(options);
  const auto first = client->Start(Get(server.url()));
  ASSERT_TRUE(Eventually([&] { return server.open_connections() == 1; }));
  Request request = Get(server.url());
  request.cancellation = std::make_shared<Cancellation>();
  const CancellationPtr cancellation = request.cancellation;
  const auto second = client->Start(std::move(request));
  cancellation->Cancel();
  EXPECT_EQ(second->Wait().status().code(), StatusCode::kCancelled);
  EXPECT_EQ(server.connections(), 1);
}

}  // namespace
}  // namespace spanlog::http
