#include "policy/redactor.h"

#include <gtest/gtest.h>

namespace spanlog::policy {
namespace {

std::string Apply(const Policy& policy, std::string_view text) {
  Arena arena;
  bool removed = false;
  return std::string(Redactor(policy).Apply(text, arena, &removed));
}

TEST(RedactorTest, NamesWhatItRemoved) {
  Policy policy;
  policy.regexes = {{"badge", R"(B-\d+)"}};
  EXPECT_EQ(Apply(policy, "badges B-7781 and B-9"), "badges [badge removed] and [badge removed]");
}

TEST(RedactorTest, ReturnsTheSameTextWhenNothingMatches) {
  Policy policy;
  policy.regexes = {{"badge", R"(B-\d+)"}};
  const std::string text = "nothing here";
  Arena arena;
  bool removed = false;
  EXPECT_EQ(Redactor(policy).Apply(text, arena, &removed).data(), text.data());
  EXPECT_FALSE(removed);
}

TEST(RedactorTest, ReachesValuesInsideJsonByPath) {
  Policy policy;
  policy.json_paths = {"messages.*.content", "user.email"};
  EXPECT_EQ(Apply(policy, R"({"messages":[{"role":"user","content":"x"}],"user":{"email":"y"}})"),
            R"({"messages":[{"role":"user","content":"[removed]"}],"user":{"email":"[removed]"}})");
}

TEST(RedactorTest, WithholdsAttributesByPattern) {
  Policy policy;
  policy.attributes = {"user.*"};
  const Redactor redactor(policy);
  EXPECT_TRUE(redactor.WithholdsKey("user.email"));
  EXPECT_TRUE(redactor.WithholdsKey("user_email"));
  EXPECT_FALSE(redactor.WithholdsKey("username"));
}

}  // namespace
}  // namespace spanlog::policy
