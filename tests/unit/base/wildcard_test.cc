#include "base/wildcard.h"

#include <gtest/gtest.h>

namespace spanlog {
namespace {

TEST(WildcardTest, MatchesModelsByPatternWithoutCase) {
  EXPECT_TRUE(MatchesWildcard("gpt-5-mini-2026-01-01", "gpt-5-mini*"));
  EXPECT_TRUE(MatchesWildcard("GPT-5", "gpt-5"));
  EXPECT_TRUE(MatchesWildcard("us.anthropic.claude-x", "*claude*"));
  EXPECT_FALSE(MatchesWildcard("gpt-5", "gpt-5-*"));
  EXPECT_TRUE(MatchesWildcard("", "*"));
  EXPECT_FALSE(MatchesWildcard("gpt_5", "gpt.5"));
}

TEST(WildcardTest, MatchesKeysWithDotsAsLokiWritesThem) {
  EXPECT_TRUE(MatchesKeyWildcard("user.email", "user.*"));
  EXPECT_TRUE(MatchesKeyWildcard("user_email", "user.*"));
  EXPECT_FALSE(MatchesKeyWildcard("username", "user.*"));
  EXPECT_FALSE(MatchesKeyWildcard("user.email", "user_*"));
  EXPECT_FALSE(MatchesKeyWildcard("User.email", "user.*"));
  EXPECT_TRUE(MatchesKeyWildcard("llm.input_messages.0.message.content", "*.content"));
}

TEST(WildcardTest, TakesAnyNumberOfStars) {
  EXPECT_TRUE(MatchesKeyWildcard("aXbXc", "a*b*c"));
  EXPECT_FALSE(MatchesKeyWildcard("aXbX", "a*b*c"));
  EXPECT_TRUE(MatchesKeyWildcard("a", "a***"));
}

}  // namespace
}  // namespace spanlog
