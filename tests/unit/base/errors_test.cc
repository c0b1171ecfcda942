#include "base/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spanlog {
namespace {

using ::testing::HasSubstr;

TEST(ErrorsTest, KeepsTheUpstreamsOwnWordsAndStatus) {
  const absl::Status status =
      UpstreamHttpError("Loki", "Fetching the logs", 400, "parse error at line 1, col 7: x");

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_TRUE(IsDownstream(status));
  EXPECT_EQ(UpstreamHttpStatus(status), 400);
  EXPECT_THAT(std::string(status.message()), HasSubstr("Loki answered 400: parse error at line 1"));
}

TEST(ErrorsTest, KnowsItsOwnFaultFromTheUpstreams) {
  EXPECT_FALSE(IsDownstream(absl::InternalError("bug")));
  EXPECT_EQ(UpstreamHttpStatus(absl::InternalError("bug")), 0);
}

TEST(ErrorsTest, TakesTheMessageOutOfJson) {
  EXPECT_EQ(ErrorBodyHead(R"({"message":"no org id"})"), "no org id");
  EXPECT_EQ(ErrorBodyHead(R"({"error":{"httpCode":404,"message":"No traces found"}})"),
            "No traces found");
}

TEST(ErrorsTest, NamesAnHtmlPageByItsTitle) {
  EXPECT_EQ(ErrorBodyHead("<html><head><title>Sign in</title></head></html>"),
            "an HTML page titled \"Sign in\"");
}

TEST(ErrorsTest, BoundsAndCleansTheWords) {
  const std::string head = ErrorBodyHead(std::string("bad\xff\n") + std::string(5000, 'x'));

  EXPECT_LE(head.size(), 520u);
  EXPECT_THAT(head, HasSubstr("bad\xEF\xBF\xBD x"));
}

}  // namespace
}  // namespace spanlog
