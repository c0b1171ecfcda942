#include "http/easy_pool.h"

#include "testing.h"

namespace spanlog::http {
namespace {

using replay::HttpServer;
using testing::HasSubstr;
using testing::Not;

TEST(EasyPoolTest, AHandleIsUsedAgainAndTwoAtATimeAreTwo) {
  EasyPool pool;
  Easy first = pool.Take();
  CURL* const handle = first.curl.get();
  ASSERT_NE(handle, nullptr);
  const Easy second = pool.Take();
  EXPECT_NE(second.curl.get(), handle);
  pool.Give(std::move(first));
  EXPECT_EQ(pool.Take().curl.get(), handle);
}

TEST(EasyPoolTest, AnOldHandleIsNotUsedAgain) {
  EasyPool pool;
  Easy old = pool.Take();
  const auto long_ago = old.made - std::chrono::hours(1);
  old.made = long_ago;
  pool.Give(std::move(old));
  EXPECT_GT(pool.Take().made, long_ago);
}

TEST(EasyPoolTest, ARequestKnowsNothingOfTheOneBefore) {
  HttpServer server(Echo);
  const auto client = MakeClient();
  Request post = Get(server.url() + "/first", {{"X-Secret", "of the first"}});
  post.method = "POST";
  post.body = "a body";
  ASSERT_TRUE(client->Fetch(post).ok());
  Request head = Get(server.url() + "/second");
  head.method = "HEAD";
  ASSERT_TRUE(client->Fetch(head).ok());
  const auto third = client->Fetch(Get(server.url() + "/third"));
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_THAT(third->body, HasSubstr("GET /third\n"));
  EXPECT_THAT(third->body, Not(HasSubstr("secret")));
  EXPECT_THAT(third->body, Not(HasSubstr("content-length")));
  EXPECT_THAT(third->body, Not(HasSubstr("a body")));
}

}  // namespace
}  // namespace spanlog::http
