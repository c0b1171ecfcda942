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
  EXPECT_EQ(policy.json_paths, std::vector<std::string>{"messages.*.content"});
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
}

TEST(PolicyTest, RefusesWhatItWouldOtherwiseIgnore) {
  EXPECT_THAT(Refusal(R"({"redactt": []})"), HasSubstr("unknown key \"redactt\""));
  EXPECT_THAT(Refusal(R"({"redact": [{"regex": "("}]})"), HasSubstr("is not RE2"));
  EXPECT_THAT(Refusal(R"({"redact": [{"builtin": "mails"}]})"), HasSubstr("emails"));
  EXPECT_THAT(Refusal(R"({"levels": {"Viewer": "some"}})"), HasSubstr("levels.Viewer"));
  EXPECT_THAT(Refusal(R"({"previewChars": -1})"), HasSubstr("previewChars"));
  EXPECT_THAT(Refusal("[]"), HasSubstr("must be an object"));
}

}  // namespace
}  // namespace spanlog::policy
