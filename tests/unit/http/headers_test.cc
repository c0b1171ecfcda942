#include "http/headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spanlog::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

TEST(HeadersTest, RefusesValuesThatCouldStartANewHeader) {
  for (const std::string& value :
       std::vector<std::string>{"a\r\nX: y", "a\nb", "a\rb", std::string("a\0b", 3)}) {
    const absl::Status status = CheckHeaders({{"X-Key", value}});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("X-Key"));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("X: y")));
  }
}

TEST(HeadersTest, RefusesNamesThatAreNoTokens) {
  for (const char* name : {"", "X Y", "X:", "X\r\nY", "é"}) {
    EXPECT_FALSE(CheckHeaders({{name, "v"}}).ok()) << name;
  }
}

TEST(HeadersTest, AllowsTabsAndBytesAboveAscii) {
  EXPECT_TRUE(CheckHeaders({{"X-Scope-OrgID", "a|b\tc \xc3\xa9"}}).ok());
}

TEST(HeadersTest, ReplacesWhateverTheCaseOfTheName) {
  Headers headers = {{"accept", "a"}, {"X-One", "1"}, {"ACCEPT", "b"}};
  ReplaceHeaders(headers, {{"Accept", "c"}, {"X-Two", "2"}});
  EXPECT_THAT(headers, ElementsAre(Pair("X-One", "1"), Pair("Accept", "c"), Pair("X-Two", "2")));
}

TEST(HeadersTest, EncodesBasicCredentials) {
  EXPECT_EQ(BasicAuthorization("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

}  // namespace
}  // namespace spanlog::http
