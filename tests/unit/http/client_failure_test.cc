// What the client says when a store or the way to it fails.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "testing.h"

namespace spanlog::http {
namespace {

using absl::StatusCode;
using replay::HttpServer;
using replay::Trouble;
using testing::HasSubstr;
using testing::Not;

constexpr char kSecretPath[] = "/p?token=secret";

// Fetches from a server that is spoilt in one way.
absl::Status Failure(Trouble trouble, ClientOptions options = {},
                     std::string body = std::string(9000, 'b')) {
  HttpServer server(Always(std::move(body), trouble));
  const std::string url = server.url();
  const auto response = MakeClient(std::move(options))->Fetch(Get(url + kSecretPath));
  EXPECT_FALSE(response.ok());
  EXPECT_TRUE(IsDownstream(response.status())) << response.status();
  EXPECT_THAT(std::string(response.status().message()), HasSubstr(url));
  EXPECT_THAT(std::string(response.status().message()), Not(HasSubstr("secret")));
  return response.status();
}

void ExpectFailure(const absl::Status& status, StatusCode code, const std::string& what) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(what));
}

// A port on which nobody listens.
int ClosedPort() {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

TEST(ClientFailureTest, SaysThatNobodyListens) {
  const std::string url = "http://127.0.0.1:" + std::to_string(ClosedPort());
  const absl::Status status = MakeClient()->Fetch(Get(url + kSecretPath)).status();
  ExpectFailure(status, StatusCode::kUnavailable, url + ": cannot connect: Connection refused");
  EXPECT_TRUE(IsDownstream(status));
}

TEST(ClientFailureTest, SaysThatANameDoesNotResolve) {
  ClientOptions options;
  options.connect_timeout_ms = 3000;
  const absl::Status status =
      MakeClient(options)->Fetch(Get("http://no-such-host.invalid/x")).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("http://no-such-host.invalid"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("Check "));
  EXPECT_TRUE(status.code() == StatusCode::kUnavailable ||
              status.code() == StatusCode::kDeadlineExceeded)
      << status;
}

TEST(ClientFailureTest, SaysThatTheUrlIsWrong) {
  ExpectFailure(MakeClient()->Fetch(Get("tempo:3200/api")).status(), StatusCode::kInvalidArgument,
                "http:// or https://");
}

TEST(ClientFailureTest, SaysThatTheConnectionWasReset) {
  ExpectFailure(Failure(Trouble::kReset), StatusCode::kUnavailable, "the connection was reset");
}

TEST(ClientFailureTest, SaysThatTheConnectionWasResetInMidAnswer) {
  ExpectFailure(Failure(Trouble::kResetInBody, {}, std::string(1000, 'b')),
                StatusCode::kUnavailable, "reset in mid-answer, after 500 bytes");
}

TEST(ClientFailureTest, SaysThatTheConnectionWasClosedWithoutAnAnswer) {
  ExpectFailure(Failure(Trouble::kClose), StatusCode::kUnavailable, "closed without an answer");
}

TEST(ClientFailureTest, ACutBodyIsDataLoss) {
  ExpectFailure(Failure(Trouble::kTruncate), StatusCode::kDataLoss, "before the answer was whole");
}

TEST(ClientFailureTest, ACutChunkedBodyIsDataLoss) {
  ExpectFailure(
      Failure(Trouble::kRaw, {}, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"),
      StatusCode::kDataLoss, "before the answer was whole");
}

TEST(ClientFailureTest, ACutGzipBodyIsDataLossThoughWellFramed) {
  ExpectFailure(Failure(Trouble::kTruncateGzip), StatusCode::kDataLoss, "ends too early");
}

TEST(ClientFailureTest, AFalseGzipBodyIsDataLoss) {
  ExpectFailure(Failure(Trouble::kBrokenGzip), StatusCode::kDataLoss,
                "compressed answer is broken");
}

TEST(ClientFailureTest, ACodingThatWasNotAskedForIsDataLoss) {
  ExpectFailure(Failure(Trouble::kRaw, {},
                        "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc"),
                StatusCode::kDataLoss, "Content-Encoding");
}

TEST(ClientFailureTest, GarbageIsSaidToBeNoHttp) {
  ExpectFailure(Failure(Trouble::kGarbage), StatusCode::kUnavailable, "is not");
  ExpectFailure(Failure(Trouble::kRaw, {}, "HTTP/1.1 abc\r\n\r\n"), StatusCode::kUnavailable, "");
}

TEST(ClientFailureTest, AnEndlessHeadIsRefused) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 20'000; ++i) head += "X-Header-Of-Some-Length: 0123456789\r\n";
  ExpectFailure(Failure(Trouble::kRaw, {}, head), StatusCode::kResourceExhausted, "headers");
}

TEST(ClientFailureTest, GivesUpAfterTheTotalTimeout) {
  ClientOptions options;
  options.total_timeout_ms = 150;
  const auto start = std::chrono::steady_clock::now();
  ExpectFailure(Failure(Trouble::kStall, options), StatusCode::kDeadlineExceeded,
                "no answer within 150 ms");
  EXPECT_LT(MsSince(start), kSoonMs);
}

TEST(ClientFailureTest, TheTimeoutCoversTheBodyToo) {
  ClientOptions options;
  options.total_timeout_ms = 150;
  ExpectFailure(Failure(Trouble::kStallInBody, options, std::string(1000, 'b')),
                StatusCode::kDeadlineExceeded, "not whole within 150 ms (500 bytes came)");
}

TEST(ClientFailureTest, SlowHeadersEndAtTheTimeout) {
  ClientOptions options;
  options.total_timeout_ms = 150;
  ExpectFailure(Failure(Trouble::kSlowHeaders, options), StatusCode::kDeadlineExceeded, "150 ms");
}

TEST(ClientFailureTest, ARequestsOwnTimeoutWins) {
  HttpServer server(Always("", Trouble::kStall));
  Request request = Get(server.url());
  request.total_timeout_ms = 100;
  const auto start = std::chrono::steady_clock::now();
  ExpectFailure(MakeClient()->Fetch(std::move(request)).status(), StatusCode::kDeadlineExceeded,
                "no answer within 100 ms");
  EXPECT_LT(MsSince(start), kSoonMs);
}

TEST(ClientFailureTest, GivesUpConnectingAfterTheConnectTimeout) {
  // A listener whose queue is full takes no further connection.
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor(io);
  acceptor.open(boost::asio::ip::tcp::v4());
  acceptor.bind({boost::asio::ip::address_v4::loopback(), 0});
  acceptor.listen(0);
  const auto endpoint = acceptor.local_endpoint();
  std::vector<boost::asio::ip::tcp::socket> fill;
  for (int i = 0; i < 4; ++i) {
    fill.emplace_back(io, boost::asio::ip::tcp::v4());
    fill.back().native_non_blocking(true);
    connect(fill.back().native_handle(), endpoint.data(), endpoint.size());
  }
  ClientOptions options;
  options.connect_timeout_ms = 200;
  const auto start = std::chrono::steady_clock::now();
  ExpectFailure(MakeClient(options)
                    ->Fetch(Get("http://127.0.0.1:" + std::to_string(endpoint.port())))
                    .status(),
                StatusCode::kDeadlineExceeded, "no connection within ");
  EXPECT_LT(MsSince(start), kSoonMs);
}

TEST(ClientFailureTest, StopsAtTheSizeLimit) {
  ClientOptions options;
  options.max_response_bytes = 8999;
  ExpectFailure(Failure(Trouble::kNone, options), StatusCode::kResourceExhausted,
                "over the limit of 8999 bytes");
}

TEST(ClientFailureTest, StopsAGzipBombAtTheSizeLimit) {
  const std::string bomb = std::string(64 << 20, '\0');
  ClientOptions options;
  options.max_response_bytes = 1 << 20;
  ExpectFailure(Failure(Trouble::kNone, options, bomb), StatusCode::kResourceExhausted,
                "over the limit");
}

}  // namespace
}  // namespace spanlog::http
