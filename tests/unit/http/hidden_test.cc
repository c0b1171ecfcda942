#include "http/hidden.h"

#include "testing.h"

namespace spanlog::http {
namespace {

using replay::HttpServer;
using testing::HasSubstr;
using testing::Not;

std::string Hidden(const ClientOptions& options, std::string_view url, const Headers& sent,
                   std::string body) {
  const Slist list = ToSlist(sent);
  HideSent(options, url, list.get(), body);
  return body;
}

TEST(HiddenTest, FindsEveryPartOfASecretHeader) {
  const Headers sent = {{"Authorization", "Bearer abc.def-123"},
                        {"Cookie", "session=s3cr3t-cookie; team=blue-team"},
                        {"X-Api-Key", "key-000111"}};
  EXPECT_EQ(Hidden({}, "http://h/", sent,
                   "no Bearer abc.def-123, abc.def-123, s3cr3t-cookie, blue-team, key-000111 here"),
            "no [hidden], [hidden], [hidden], [hidden], [hidden] here");
}

TEST(HiddenTest, FindsPasswords) {
  ClientOptions options;
  options.basic_password = "hunter22";
  EXPECT_EQ(Hidden(options, "http://u:sesame99@h:1/x@y", {}, "hunter22 sesame99"),
            "[hidden] [hidden]");
}

TEST(HiddenTest, LeavesOtherWordsAlone) {
  const Headers sent = {{"Accept", "application/json"}, {"User-Agent", "Grafana"}, {"X-T", "prod"}};
  const std::string body = "application/json from Grafana in prod";
  EXPECT_EQ(Hidden({}, "http://h/", sent, body), body);
}

TEST(HiddenTest, AnErrorPageDoesNotQuoteWhatWasSent) {
  for (const int status : {302, 401, 500}) {
    HttpServer server([status](const replay::Request& request) {
      replay::Answer answer = Echo(request);
      answer.reply.status = status;
      return answer;
    });
    ClientOptions options;
    options.headers = {{"X-Api-Key", "key-000111"}};
    const auto response = MakeClient(options)->Fetch(Get(server.url()));
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_THAT(response->body, Not(HasSubstr("key-000111")));
    EXPECT_THAT(response->body, HasSubstr("[hidden]"));
  }
}

TEST(HiddenTest, APageDoesNotQuoteWhatWasSentWhateverTypeItSaysItHas) {
  for (const char* type : {"Text/HTML; charset=utf-8", "application/json"}) {
    HttpServer server([type](const replay::Request&) {
      replay::Answer answer;
      answer.reply.body = " <html><title>key-000111</title>";
      answer.reply.content_type = type;
      return answer;
    });
    ClientOptions options;
    options.headers = {{"X-Api-Key", "key-000111"}};
    const auto response = MakeClient(options)->Fetch(Get(server.url()));
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_THAT(response->body, Not(HasSubstr("key-000111")));
  }
}

}  // namespace
}  // namespace spanlog::http
