#include <gtest/gtest.h>

#include "policy/json_edit.h"
#include "policy/json_path.h"

namespace spanlog::policy {
namespace {

// Shouts every text; withholds members named "w".
class Shout : public JsonEdits {
 public:
  bool Withholds(const std::vector<JsonStep>& path, char) const override {
    return !path.empty() && path.back().position < 0 && path.back().name == "w";
  }
  bool Edit(std::string_view text, std::string& out) const override {
    if (text.find("secret") == text.npos) return false;
    out = "X\"";
    return true;
  }
};

std::string Edited(std::string_view text) {
  std::string out;
  switch (EditJson(text, Shout(), "gone", out)) {
    case JsonResult::kNotJson:
      return "not json";
    case JsonResult::kUnchanged:
      return "unchanged";
    case JsonResult::kChanged:
      return out;
  }
  return "";
}

TEST(JsonEditTest, ChangesTextsAndLeavesEveryOtherByte) {
  EXPECT_EQ(Edited(R"( {"a": 1.50, "b":"secret" , "c":[1e9,12345678901234567890]} )"),
            R"( {"a": 1.50, "b":"X\"" , "c":[1e9,12345678901234567890]} )");
  EXPECT_EQ(Edited(R"({"secret":1})"), R"({"X\"":1})");
  EXPECT_EQ(Edited(R"({"a":1})"), "unchanged");
}

TEST(JsonEditTest, ReadsEscapesAsAReaderDoes) {
  EXPECT_EQ(Edited(R"(["\u0073ecret"])"), R"(["X\""])");
  EXPECT_EQ(DecodeJsonString(R"(a\n\"\u00e9\ud83d\ude00\q)"), "a\n\"é😀\\q");
}

TEST(JsonEditTest, WithholdsWholeValues) {
  EXPECT_EQ(Edited(R"({"w":{"x":["y",{"z":1}]},"v":2})"), R"({"w":"gone","v":2})");
  EXPECT_EQ(Edited(R"([{"w":12},{"w":null}])"), R"([{"w":"gone"},{"w":"gone"}])");
  EXPECT_EQ(Edited(R"({"w":[1,2)"), R"({"w":"gone")");
}

TEST(JsonEditTest, KeepsTheCutEndOfATruncatedDocument) {
  EXPECT_EQ(Edited(R"([{"a":"so secret)"), R"([{"a":"X\")");
  EXPECT_EQ(Edited(R"([{"a":"fine","b":tr)"), "unchanged");
}

TEST(JsonEditTest, TellsJsonFromTextThatBeginsLikeIt) {
  EXPECT_EQ(Edited("[INFO] secret"), "not json");
  EXPECT_EQ(Edited("[12:30:45] secret"), "not json");
  EXPECT_EQ(Edited("{not json}"), "not json");
  EXPECT_EQ(Edited(R"({"a":1} and then secret)"), "not json");
  EXPECT_EQ(Edited("secret"), "not json");
  EXPECT_EQ(Edited(R"({"a":1]secret)"), "not json");
}

TEST(JsonEditTest, LeavesOutWhatIsNestedDeeperThanAnybodyWrites) {
  EXPECT_EQ(Edited(std::string(200'000, '[')), std::string(256, '[') + "\"gone\"");
}

bool Reaches(std::string_view rule, const std::vector<JsonStep>& path) {
  return MatchesJsonPath(*ParseJsonPath(rule), path);
}

TEST(JsonPathTest, NamesMembersPositionsAndAnyOfThem) {
  const std::vector<JsonStep> path = {{"messages", -1}, {"", 3}, {"content", -1}};
  for (const char* rule : {"messages.*.content", "$.messages[*].content", "messages[3].content",
                           "messages.content", "$..content", "$['messages'][*]['content']"}) {
    EXPECT_TRUE(Reaches(rule, path)) << rule;
  }
  for (const char* rule : {"content", "messages[2].content", "messages.*.text"}) {
    EXPECT_FALSE(Reaches(rule, path)) << rule;
  }
  EXPECT_TRUE(Reaches("[*].content", {{"", 0}, {"content", -1}}));
}

TEST(JsonPathTest, RefusesWhatItDoesNotKnow) {
  for (const char* rule : {"$", "", "a[?(@.b)]", "a[1:2]", "a['b", "$.."}) {
    EXPECT_FALSE(ParseJsonPath(rule).ok()) << rule;
  }
}

}  // namespace
}  // namespace spanlog::policy
