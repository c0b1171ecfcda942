#include "http/client.h"

#include <cstdlib>

#include "testing.h"

namespace spanlog::http {
namespace {

using replay::HttpServer;
using testing::HasSubstr;
using testing::Not;

std::string Asked(const ClientOptions& options, Request request) {
  HttpServer server(Echo);
  request.url = JoinUrl(server.url(), request.url);
  const auto response = MakeClient(options)->Fetch(std::move(request));
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->body : "";
}

TEST(ClientTest, GivesStatusHeadersBodyAndTime) {
  HttpServer server([](const replay::Request&) {
    replay::Answer answer;
    answer.reply = replay::TextReply(418, "I am a teapot");
    answer.reply.headers = {{"X-Kind", "  short and stout "}};
    answer.delay_ms = 20;
    return answer;
  });
  const auto response = MakeClient()->Fetch(Get(server.url()));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 418);
  EXPECT_EQ(response->body, "I am a teapot");
  EXPECT_EQ(response->Header("x-kind"), "short and stout");
  EXPECT_EQ(response->Header("no-such"), "");
  EXPECT_GE(response->total_ms, 15);
  EXPECT_LT(response->total_ms, 30'000);
  EXPECT_GE(response->body.capacity(), response->body.size() + kBodyPadding);
}

TEST(ClientTest, SendsTheTargetAsItIs) {
  EXPECT_THAT(Asked({}, Get("/a/../b%2Fc?q=%7B%7D&x=1")),
              HasSubstr("GET /a/../b%2Fc?q=%7B%7D&x=1\n"));
}

TEST(ClientTest, PostsABody) {
  Request request = Get("/push", {{"Content-Type", "application/json"}});
  request.method = "POST";
  request.body = std::string(2 << 20, 'x');
  const std::string asked = Asked({}, std::move(request));
  EXPECT_THAT(asked.substr(0, 500), HasSubstr("content-type: application/json\n"));
  EXPECT_THAT(asked.substr(0, 500), Not(HasSubstr("expect:")));
  EXPECT_EQ(asked.substr(asked.find("\n\n") + 2).size(), size_t{2} << 20);
}

TEST(ClientTest, HeadHasNoBody) {
  HttpServer server(Always("body"));
  Request request = Get(server.url());
  request.method = "HEAD";
  const auto response = MakeClient()->Fetch(std::move(request));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(response->Header("content-length"), "4");
}

TEST(ClientTest, RefusesOtherMethods) {
  Request request = Get("http://127.0.0.1:1");
  request.method = "DELETE / HTTP/1.1\r\nX: y";
  EXPECT_EQ(MakeClient()->Fetch(request).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ClientTest, SendsBasicAuth) {
  ClientOptions options;
  options.basic_user = "Aladdin";
  options.basic_password = "open sesame";
  EXPECT_THAT(Asked(options, Get("/")),
              HasSubstr("authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\n"));
}

TEST(ClientTest, AForwardedTokenWinsOverBasicAuth) {
  ClientOptions options;
  options.basic_user = "Aladdin";
  const std::string asked = Asked(options, Get("/", {{"authorization", "Bearer t"}}));
  EXPECT_THAT(asked, HasSubstr("authorization: Bearer t\n"));
  EXPECT_THAT(asked, Not(HasSubstr("Basic")));
}

TEST(ClientTest, CustomHeadersReplaceWhateverTheCase) {
  ClientOptions options;
  options.headers = {{"ACCEPT", "custom"}, {"X-Scope-OrgID", "t1"}, {"Host", "tempo.test"}};
  options.user_agent = "Spanlog";
  const std::string asked = Asked(options, Get("/", {{"Accept", "mine"}, {"x-scope-orgid", "t2"}}));
  EXPECT_THAT(asked, HasSubstr("accept: custom\n"));
  EXPECT_THAT(asked, HasSubstr("x-scope-orgid: t1\n"));
  EXPECT_THAT(asked, HasSubstr("host: tempo.test\n"));
  EXPECT_THAT(asked, HasSubstr("user-agent: Spanlog\n"));
  EXPECT_THAT(asked, Not(HasSubstr("mine")));
  EXPECT_THAT(asked, Not(HasSubstr("t2")));
  EXPECT_THAT(asked, Not(HasSubstr("127.0.0.1")));
}

TEST(ClientTest, FramingHeadersStayItsOwn) {
  const std::string asked = Asked(
      {},
      Get("/", {{"Content-Length", "777777"}, {"Transfer-Encoding", "chunked"}, {"X-Empty", ""}}));
  EXPECT_THAT(asked, Not(HasSubstr("777777")));
  EXPECT_THAT(asked, Not(HasSubstr("chunked")));
  EXPECT_THAT(asked, HasSubstr("x-empty: \n"));
}

TEST(ClientTest, RefusesHeaderInjectionInSettingsAndRequests) {
  ClientOptions options;
  options.headers = {{"X-Key", "a\r\nX-Evil: 1"}};
  EXPECT_EQ(Client::Create(options).status().code(), absl::StatusCode::kInvalidArgument);
  HttpServer server(Echo);
  const auto response = MakeClient()->Fetch(Get(server.url(), {{"Cookie", "a\nX-Evil: 1"}}));
  EXPECT_EQ(response.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(server.connections(), 0);
}

TEST(ClientTest, DecodesGzipAnswers) {
  const std::string body(300'000, 'z');
  HttpServer server(Always(body));
  const auto response = MakeClient()->Fetch(Get(server.url()));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->Header("content-encoding"), "gzip");
  EXPECT_TRUE(response->body == body);
}

TEST(ClientTest, LeavesAnswersAsTheyAreWhenTheServerDoesNotCompress) {
  const std::string body(300'000, 'z');
  HttpServer server([&](const replay::Request&) {
    replay::Answer answer;
    answer.reply = replay::TextReply(200, body);
    answer.reply.compress = false;
    return answer;
  });
  const auto response = MakeClient()->Fetch(Get(server.url()));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_TRUE(response->body == body);
}

TEST(ClientTest, ReadsChunkedAnswersAndSkipsInterimOnes) {
  HttpServer server(
      Always("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Late: 1\r\n\r\n"
             "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\n",
             replay::Trouble::kRaw));
  const auto response = MakeClient()->Fetch(Get(server.url()));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "abcdefg");
  EXPECT_EQ(response->Header("x-late"), "1");
  EXPECT_EQ(response->Header("x-early"), "");
  EXPECT_EQ(response->Header("x-trailer"), "");
}

TEST(ClientTest, NeverFollowsARedirect) {
  HttpServer elsewhere(Always("secret taken"));
  HttpServer server([&](const replay::Request&) {
    replay::Answer answer;
    answer.reply = replay::TextReply(302, "moved");
    answer.reply.headers = {{"Location", elsewhere.url()}};
    return answer;
  });
  const auto response = MakeClient()->Fetch(Get(server.url(), {{"Authorization", "Bearer t"}}));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(response->body, "moved");
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST(ClientTest, GoesThroughTheProxyOfTheEnvironment) {
  HttpServer proxy(Echo);
  setenv("HTTP_PROXY", ("http://me:secret@127.0.0.1:" + std::to_string(proxy.port())).c_str(), 1);
  const auto through = MakeClient()->Fetch(Get("http://store.test/api"));
  HttpServer direct(Echo);
  const auto loopback = MakeClient()->Fetch(Get(direct.url() + "/api"));
  unsetenv("HTTP_PROXY");
  ASSERT_TRUE(through.ok()) << through.status();
  EXPECT_THAT(through->body, HasSubstr("GET http://store.test/api\n"));
  EXPECT_THAT(through->body, HasSubstr("host: store.test\n"));
  EXPECT_THAT(through->body, HasSubstr("proxy-authorization: Basic "));
  ASSERT_TRUE(loopback.ok()) << loopback.status();
  EXPECT_THAT(loopback->body, HasSubstr("GET /api\n"));
}

TEST(ClientTest, NamesAProxyThatRefusesWithoutItsPassword) {
  HttpServer proxy([](const replay::Request&) {
    replay::Answer answer;
    answer.reply = replay::TextReply(407, "who are you");
    return answer;
  });
  const std::string address = "127.0.0.1:" + std::to_string(proxy.port());
  setenv("HTTPS_PROXY", ("http://me:secret@" + address).c_str(), 1);
  const absl::Status status = MakeClient()->Fetch(Get("https://store.test/api")).status();
  unsetenv("HTTPS_PROXY");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("through proxy http://" + address));
  EXPECT_THAT(std::string(status.message()), HasSubstr("the proxy answered 407"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace spanlog::http
