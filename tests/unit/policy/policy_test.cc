#include "policy/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spanlog::policy {
namespace {

using ::testing::HasSubstr;

std::string Refusal(std::string_view json) {
  return std::string(ParsePolicy(json).status().message());
}

TEST(PolicyTest, AllowsEverythingWhenThereIsNone) {
  const Policy policy = *ParsePolicy("");
  EXPECT_FALSE(policy.redacts());
  EXPECT_EQ(LevelFor(policy, "Viewer", "someone", false), ContentLevel::kFull);
  EXPECT_EQ(LevelFor(policy, "", "", true), ContentLevel::kFull);
}

TEST(PolicyTest, ReadsRulesAndLevels) {
  const Policy policy = *ParsePolicy(R"({
      "redact": [{"builtin": "emails"}, {"regex": "sk-\\w+", "name": "key"},
                 {"attribute": "user.email"}, {"jsonPath": "$.messages.*.content"}],
      "levels": {"Viewer": "preview", "Admin": "full", "anonymous": "metadata", "alerting": "none"},
      "previewChars": 10, "media": false, "audit": true})");

  EXPECT_EQ(policy.regexes.size(), 2u);
  EXPECT_EQ(policy.attributes, std::vector<std::string>{"user.email"});
  ASSERT_EQ(policy.json_paths.size(), 1u);
  EXPECT_EQ(policy.json_paths[0], (std::vector<std::string>{"messages", "*", "content"}));
  EXPECT_EQ(policy.preview_chars, 10u);
  EXPECT_FALSE(policy.media);
  EXPECT_TRUE(policy.audit);
  EXPECT_EQ(LevelFor(policy, "Viewer", "v", false), ContentLevel::kPreview);
  EXPECT_EQ(LevelFor(policy, "Admin", "a", false), ContentLevel::kFull);
  EXPECT_EQ(LevelFor(policy, "", "", false), ContentLevel::kMetadata);
  EXPECT_EQ(LevelFor(policy, "Admin", "a", true), ContentLevel::kNone);
}

TEST(PolicyTest, GivesAnUnknownRoleTheStrictestLevel) {
  const Policy policy = *ParsePolicy(R"({"levels": {"Viewer": "metadata", "Admin": "full"}})");
  EXPECT_EQ(LevelFor(policy, "Intern", "i", false), ContentLevel::kMetadata);
  EXPECT_EQ(LevelFor(policy, "", "", false), ContentLevel::kMetadata);
  EXPECT_EQ(LevelFor(policy, "", "someone", false), ContentLevel::kMetadata);
}

TEST(PolicyTest, AnAnonymousAdminIsAnonymous) {
  const Policy policy = *ParsePolicy(R"({"levels": {"Admin": "full", "anonymous": "none"}})");
  EXPECT_EQ(LevelFor(policy, "Admin", "", false), ContentLevel::kNone);
}

TEST(PolicyTest, GivesNobodyMoreForClaimingToBeAlerting) {
  const Policy policy = *ParsePolicy(
      R"({"levels": {"Viewer": "none", "Admin": "preview", "anonymous": "metadata", "alerting": "full"}})");
  EXPECT_EQ(LevelFor(policy, "Viewer", "v", true), ContentLevel::kNone);
  EXPECT_EQ(LevelFor(policy, "Viewer", "", true), ContentLevel::kMetadata);
  EXPECT_EQ(LevelFor(policy, "Admin", "", true), ContentLevel::kMetadata);
  // Alerting itself, with its background user and without any.
  EXPECT_EQ(LevelFor(policy, "Admin", "grafana_scheduler", true), ContentLevel::kFull);
  EXPECT_EQ(LevelFor(policy, "", "", true), ContentLevel::kFull);
}

TEST(PolicyTest, ReadsRolesInAnyCase) {
  const Policy policy = *ParsePolicy(R"({"levels": {"viewer": "none", "EDITOR": "full"}})");
  EXPECT_EQ(LevelFor(policy, "Viewer", "v", false), ContentLevel::kNone);
  EXPECT_EQ(LevelFor(policy, "Editor", "e", false), ContentLevel::kFull);
}

TEST(PolicyTest, RefusesWhatItWouldOtherwiseIgnore) {
  EXPECT_THAT(Refusal(R"({"redactt": []})"), HasSubstr("unknown key \"redactt\""));
  EXPECT_THAT(Refusal(R"({"redact": [{"regex": "("}]})"), HasSubstr("is not RE2"));
  EXPECT_THAT(Refusal(R"({"redact": [{"builtin": "mails"}]})"), HasSubstr("emails"));
  EXPECT_THAT(Refusal(R"({"redact": [{"atribute": "x"}]})"), HasSubstr("needs one of"));
  EXPECT_THAT(Refusal(R"({"redact": [{"jsonPath": "$.a[?(@.b)]"}]})"), HasSubstr("filter"));
  EXPECT_THAT(Refusal(R"({"levels": {"Viewer": "some"}})"), HasSubstr("levels.Viewer"));
  EXPECT_THAT(Refusal(R"({"levels": {"Veiwer": "none"}})"), HasSubstr("is no role"));
  EXPECT_THAT(Refusal(R"({"previewChars": -1})"), HasSubstr("previewChars"));
  EXPECT_THAT(Refusal("[]"), HasSubstr("must be an object"));
}

TEST(PolicyTest, RefusesARegularExpressionThatMatchesEverywhere) {
  EXPECT_THAT(Refusal(R"({"redact": [{"regex": "x*"}]})"), HasSubstr("empty text"));
  EXPECT_THAT(Refusal(R"({"redact": [{"regex": "x", "name": "a]b"}]})"), HasSubstr("name"));
}

}  // namespace
}  // namespace spanlog::policy
