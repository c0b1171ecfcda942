#include "policy/redactor.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "policy/json_path.h"

namespace spanlog::policy {
namespace {

std::string Apply(const Policy& policy, std::string_view text) {
  Arena arena;
  bool removed = false;
  return std::string(Redactor(policy).Apply(text, arena, &removed));
}

Policy Badges() {
  Policy policy;
  policy.regexes = {{"badge", R"(B-\d+)"}};
  return policy;
}

Policy Keys(std::vector<std::string> attributes) {
  Policy policy;
  policy.attributes = std::move(attributes);
  return policy;
}

TEST(RedactorTest, NamesWhatItRemoved) {
  EXPECT_EQ(Apply(Badges(), "badges B-7781 and B-9"), "badges [badge removed] and [badge removed]");
}

TEST(RedactorTest, ReturnsTheSameTextWhenNothingMatches) {
  const std::string text = "nothing here";
  Arena arena;
  bool removed = false;
  EXPECT_EQ(Redactor(Badges()).Apply(text, arena, &removed).data(), text.data());
  EXPECT_FALSE(removed);
}

TEST(RedactorTest, SeesTextsInsideJsonWithoutTheirEscapes) {
  EXPECT_EQ(Apply(Badges(), R"({"a":"\u0042-77","B-1":2})"),
            R"({"a":"[badge removed]","[badge removed]":2})");
}

TEST(RedactorTest, SeesJsonInsideOfJson) {
  EXPECT_EQ(Apply(Badges(), R"({"args":"{\"id\":\"\\u0042-77\"}"})"),
            R"({"args":"{\"id\":\"[badge removed]\"}"})");
  EXPECT_EQ(Apply(Badges(), R"("{\"id\":\"\\u0042-77\"}")"), R"("{\"id\":\"[badge removed]\"}")");
}

TEST(RedactorTest, SeesTextsInBase64) {
  EXPECT_EQ(Apply(Badges(), "dGhlIGJhZGdlIGlzIEItNzc4MQ=="), "[encoded text removed]");
  EXPECT_EQ(Apply(Badges(), R"({"data":"dGhlIGJhZGdlIGlzIEItNzc4MQ=="})"),
            R"({"data":"[encoded text removed]"})");
  EXPECT_EQ(Apply(Badges(), "dGhlIGJhZGdlIGlzIG5vbmUgYXQgYWxs"),
            "dGhlIGJhZGdlIGlzIG5vbmUgYXQgYWxs");
}

TEST(RedactorTest, RemovesWhatACustomRuleFindsAcrossJson) {
  Policy policy;
  policy.regexes = {{"pair", R"("pin":\s*"[^"]*")"}};
  EXPECT_EQ(Apply(policy, R"({"pin": "1234"})"), "{[pair removed]}");
}

TEST(RedactorTest, ReachesValuesInsideJsonByPath) {
  Policy policy;
  policy.json_paths = {*ParseJsonPath("messages.*.content"), *ParseJsonPath("user.email")};
  EXPECT_EQ(Apply(policy, R"({"messages":[{"role":"user","content":"x"}],"user":{"email":"y"}})"),
            R"({"messages":[{"role":"user","content":"[removed]"}],"user":{"email":"[removed]"}})");
}

TEST(RedactorTest, WithholdsAttributesByPattern) {
  const Redactor redactor(Keys({"user.*"}));
  EXPECT_TRUE(redactor.WithholdsKey("user.email"));
  EXPECT_TRUE(redactor.WithholdsKey("user_email"));
  EXPECT_FALSE(redactor.WithholdsKey("username"));
}

TEST(RedactorTest, WithholdsTheSameNamesInsideOfLines) {
  const Policy policy = Keys({"user.email", "prompt"});
  EXPECT_EQ(Apply(policy, R"({"user":{"email":"x","id":1},"a":[{"prompt":["y"]}]})"),
            R"({"user":{"email":"[removed]","id":1},"a":[{"prompt":"[removed]"}]})");
  EXPECT_EQ(Apply(policy, "level=info prompt=\"say \\\"hi\\\"\" user_email=x n=1"),
            "level=info prompt=\"[removed]\" user_email=[removed] n=1");
}

Value Cleaned(const Policy& policy, std::string_view key, Value value) {
  static Arena* const arena = new Arena;
  bool removed = false;
  Redactor(policy).ApplyTo(key, value, *arena, &removed);
  return value;
}

TEST(RedactorTest, MakesANumberThatMustGoAText) {
  Policy policy;
  policy.regexes = {{"pin", R"(\b\d{4}\b)"}};
  const Value pin = Cleaned(policy, "n", Value::Int(1234));
  EXPECT_EQ(pin.type, ValueType::kString);
  EXPECT_EQ(pin.text(), "[pin removed]");
  EXPECT_EQ(Cleaned(policy, "n", Value::Int(12345)).integer, 12345);
  EXPECT_EQ(Cleaned(Keys({"n"}), "n", Value::Bool(true)).text(), "[removed]");
}

TEST(RedactorTest, WithholdsValuesByTheirNameAlone) {
  EXPECT_EQ(Cleaned(Keys({"gen_ai.input.*"}), "gen_ai_input_messages", Value::Json("[]")).text(),
            "[removed]");
}

TEST(RedactorTest, TellsWhichRulesLeftTheirMark) {
  std::set<std::string, std::less<>> names;
  Redactor(Badges()).NamesIn("[badge removed], [other removed] and [removed]", names);
  EXPECT_EQ(names, (std::set<std::string, std::less<>>{"badge", "values"}));
}

std::string Repeated(std::string_view piece, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) text += piece;
  return text;
}

// 24 kB of it took a quarter of a minute, and four times as much took sixteen minutes.
TEST(RedactorTest, WhatNobodyWouldWriteSoDeepIsWithheld) {
  const std::string deep = Repeated(R"({"a":)", 50'000) + "1" + Repeated("}", 50'000);
  const std::string clean = Apply(Keys({"user.email"}), deep);
  EXPECT_LT(clean.size(), 3'000u);
  EXPECT_NE(clean.find(R"({"a":"[removed]"})"), std::string::npos) << clean;
  Policy by_path;
  by_path.json_paths = {*ParseJsonPath("$..b..c..d")};
  EXPECT_LT(Apply(by_path, Repeated("[", 50'000)).size(), 3'000u);
}

TEST(RedactorTest, ReadsWhatIsDeepWithinReason) {
  const std::string deep = Repeated(R"({"a":)", 200) + R"({"user":{"email":"x@y"}})";
  const std::string clean = Apply(Keys({"user.email"}), deep);
  EXPECT_TRUE(clean.ends_with(R"({"user":{"email":"[removed]"}})")) << clean;
}

TEST(RedactorTest, ManyMembersFarDownDoNotEachWalkAllTheWayUp) {
  std::string text = Repeated(R"({"a":)", 250) + "{";
  for (int i = 0; i < 1'500; ++i) text += i == 0 ? R"("b":1)" : R"(,"b":1)";
  Policy policy = Keys({"user.email"});
  policy.json_paths = {*ParseJsonPath("$..x..y..z")};
  EXPECT_EQ(Apply(policy, text), text);
}

// Took minutes.
TEST(RedactorTest, NamesWhatWasRemovedFromATextOfEndsWithoutABegin) {
  const Redactor redactor(Badges());
  std::set<std::string, std::less<>> names;
  redactor.NamesIn(Repeated(" removed]", 200'000), names);
  EXPECT_TRUE(names.empty());
  redactor.NamesIn("x[badge removed] [encoded text removed] [no name removed]", names);
  EXPECT_EQ(names, (std::set<std::string, std::less<>>{"badge", "encoded text"}));
}

}  // namespace
}  // namespace spanlog::policy
