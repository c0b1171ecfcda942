#include "http/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "http/client.h"

namespace spanlog::http {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(UrlTest, EncodesEverythingButUnreservedCharacters) {
  EXPECT_EQ(UrlEncode("azAZ09-._~"), "azAZ09-._~");
  EXPECT_EQ(UrlEncode("{a=\"b c\"} |= `x+y`/é"),
            "%7Ba%3D%22b%20c%22%7D%20%7C%3D%20%60x%2By%60%2F%C3%A9");
  EXPECT_EQ(UrlEncode(std::string("\0\xff", 2)), "%00%FF");
}

TEST(UrlTest, JoinsPathsOntoABaseWithExactlyOneSlash) {
  EXPECT_EQ(JoinUrl("http://h:1", "/api/x"), "http://h:1/api/x");
  EXPECT_EQ(JoinUrl(" http://h/base// ", "/api/x"), "http://h/base/api/x");
  EXPECT_EQ(JoinUrl("http://h/base", "api/x?y=1"), "http://h/base/api/x?y=1");
}

TEST(UrlTest, KeepsTheQueryOfABase) {
  EXPECT_EQ(JoinUrl("http://h/base/?key=1#top", "/api/x"), "http://h/base/api/x?key=1");
  EXPECT_EQ(JoinUrl("http://h?key=1", "/api/x?y=2"), "http://h/api/x?key=1&y=2");
}

TEST(UrlTest, FindsHostAndPort) {
  const auto named = ParseEndpoint("http://tempo:3200/api?x=1");
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named->host, "tempo");
  EXPECT_EQ(named->port, "3200");
  EXPECT_EQ(named->Display(), "http://tempo:3200");
  EXPECT_EQ(ParseEndpoint("HTTPS://Example.com/x")->port, "443");
  EXPECT_EQ(ParseEndpoint("http://[::1]:3200")->host, "[::1]");
}

TEST(UrlTest, ShowsNeitherPasswordNorQuery) {
  EXPECT_EQ(ParseEndpoint("https://me:secret@h/p?token=secret")->Display(), "https://h");
  const auto broken = ParseEndpoint("me:secret@h/p?token=secret");
  ASSERT_FALSE(broken.ok());
  EXPECT_THAT(std::string(broken.status().message()), Not(HasSubstr("secret")));
}

TEST(UrlTest, RefusesWhatIsNoAbsoluteHttpUrl) {
  for (const char* url :
       {"", "tempo", "tempo:3200", "/api", "ftp://h/x", "file:///etc/passwd", "http://",
        "http:// h", "http://h/a b", "http://h:99999", "http://h\r\nX: y"}) {
    const auto endpoint = ParseEndpoint(url);
    ASSERT_FALSE(endpoint.ok()) << url;
    EXPECT_EQ(endpoint.status().code(), absl::StatusCode::kInvalidArgument) << url;
    EXPECT_TRUE(IsDownstream(endpoint.status()));
    EXPECT_THAT(std::string(endpoint.status().message()), HasSubstr("datasource's settings"));
  }
}

}  // namespace
}  // namespace spanlog::http
