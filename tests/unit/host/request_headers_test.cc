#include "host/request_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spanlog::host {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const RequestHeaders kReader = {{"Authorization", "Bearer t"},
                                {"X-Id-Token", "id"},
                                {"Cookie", "session=a; team_x=b;other=c; team_y=d"},
                                {"http_X-Grafana-Id", "g"},
                                {"http_X-Panel-Id", "7"},
                                {"FromAlert", "true"}};

TEST(RequestHeadersTest, ForwardNothingUnasked) {
  EXPECT_THAT(ForwardedHeaders(settings::Upstream{}, kReader), IsEmpty());
}

TEST(RequestHeadersTest, ForwardTheTokensWithOauthPassThruAndNothingElse) {
  settings::Upstream upstream;
  upstream.oauth_pass_thru = true;
  EXPECT_THAT(ForwardedHeaders(upstream, kReader),
              ElementsAre(Pair("Authorization", "Bearer t"), Pair("X-Id-Token", "id")));
  EXPECT_THAT(ForwardedHeaders(upstream, {{"http_authorization", "Basic x"}}),
              ElementsAre(Pair("Authorization", "Basic x")));
}

TEST(RequestHeadersTest, ForwardOnlyTheNamedCookies) {
  settings::Upstream upstream;
  upstream.keep_cookies = {"session"};
  EXPECT_THAT(ForwardedHeaders(upstream, kReader), ElementsAre(Pair("Cookie", "session=a")));
  upstream.keep_cookies = {"team_[]", "no"};
  EXPECT_THAT(ForwardedHeaders(upstream, kReader),
              ElementsAre(Pair("Cookie", "team_x=b; team_y=d")));
  upstream.keep_cookies = {"[]"};
  EXPECT_THAT(ForwardedHeaders(upstream, kReader),
              ElementsAre(Pair("Cookie", "session=a; team_x=b; other=c; team_y=d")));
  upstream.keep_cookies = {"sess"};
  EXPECT_THAT(ForwardedHeaders(upstream, kReader), IsEmpty());
}

TEST(RequestHeadersTest, NeverForwardAValueThatWouldSplitTheRequest) {
  settings::Upstream upstream;
  upstream.oauth_pass_thru = true;
  upstream.keep_cookies = {"[]"};
  EXPECT_THAT(
      ForwardedHeaders(upstream, {{"Authorization", "a\r\nX-Evil: 1"}, {"Cookie", "a=b\nc"}}),
      IsEmpty());
}

TEST(RequestHeadersTest, KnowAnAlertByItsMark) {
  EXPECT_TRUE(IsFromAlert(kReader));
  EXPECT_FALSE(IsFromAlert({{"FromAlert", "false"}}));
  EXPECT_FALSE(IsFromAlert({}));
  // A header that a person sent.
  EXPECT_FALSE(IsFromAlert({{"http_FromAlert", "true"}}));
  EXPECT_FALSE(IsFromAlert({{"Fromalert", "true"}}));
}

}  // namespace
}  // namespace spanlog::host
