#include "genai/json.h"

#include <gtest/gtest.h>

#include <string>

namespace spanlog::genai {
namespace {

class JsonTest : public ::testing::Test {
 protected:
  std::optional<ParsedJson> Parse(std::string_view text) { return ParseJson(text, arena_); }
  Arena arena_;
};

TEST_F(JsonTest, KeepsTheSourceTextOfEveryValue) {
  const auto parsed = Parse(R"( {"a" : { "x" : 1.50 , "y":[ 1, 2 ]} , "b":"tab\tü","c":null} )");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->health, JsonHealth::kClean);
  EXPECT_EQ(parsed->root.Get("a")->text, R"({ "x" : 1.50 , "y":[ 1, 2 ]})");
  EXPECT_EQ(parsed->root.Get("a")->Get("x")->text, "1.50");
  EXPECT_EQ(parsed->root.Get("a")->Get("y")->text, "[ 1, 2 ]");
  EXPECT_EQ(parsed->root.GetText("b"), "tab\tü");
  EXPECT_EQ(parsed->root.Get("c")->type, JsonType::kNull);
  EXPECT_EQ(parsed->root.Get("nothing"), nullptr);
}

TEST_F(JsonTest, RefusesWhatIsNoContainer) {
  for (const char* text : {"", "  ", "true", "12", "\"x\"", "hello", "[1] and more", "{]", "{1:2}",
                           "[1 2]", "{\"a\" 1}", "{'a': <object at 0x7f>}"}) {
    EXPECT_FALSE(Parse(text)) << text;
  }
}

TEST_F(JsonTest, ReadsPythonSpelling) {
  const auto parsed =
      Parse(R"([{'role': 'user', 'ok': True, 'no': None, 'pair': (1, 2), 'u': u'x', "say": "it's",)"
            R"( 'nan': nan, 'quote': 'a "word"', 'esc': 'line\nfeed \'q\' \x41'}])");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->health, JsonHealth::kLenient);
  const JsonValue& one = parsed->root.items[0];
  EXPECT_EQ(one.GetText("role"), "user");
  EXPECT_TRUE(one.Get("ok")->boolean);
  EXPECT_EQ(one.Get("no")->type, JsonType::kNull);
  EXPECT_EQ(one.Get("pair")->items.size(), 2u);
  EXPECT_EQ(one.GetText("u"), "x");
  EXPECT_EQ(one.GetText("say"), "it's");
  EXPECT_EQ(one.GetText("quote"), "a \"word\"");
  EXPECT_EQ(one.GetText("esc"), "line\nfeed 'q' A");
}

TEST_F(JsonTest, TakesAnUnescapedApostropheInsideAWordForALetter) {
  const auto parsed = Parse("[{'role': 'user', 'content': 'What's the weather in Paris?'}]");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->root.items[0].GetText("content"), "What's the weather in Paris?");
}

TEST_F(JsonTest, ReadsRawLineFeedsAndLoneSurrogates) {
  const auto parsed = Parse("{\"a\":\"one\ntwo\",\"b\":\"x\\ud83dy\",\"c\":\"\\ud83d\\ude00\"}");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->root.GetText("a"), "one\ntwo");
  EXPECT_EQ(parsed->root.GetText("b"), "x\uFFFDy");
  EXPECT_EQ(parsed->root.GetText("c"), "😀");
}

TEST_F(JsonTest, KeepsDigitsOfNumbersThatAreTooLong) {
  const auto parsed = Parse(R"({"id":123456789012345678901234567890})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->root.Get("id")->text, "123456789012345678901234567890");
}

TEST_F(JsonTest, ClosesACutString) {
  const auto parsed = Parse(R"([{"role":"user","parts":[{"type":"text","content":"Plan sixty da)");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->health, JsonHealth::kRepaired);
  EXPECT_EQ(parsed->cut_text, "Plan sixty da");
  const JsonValue& part = parsed->root.items[0].Get("parts")->items[0];
  EXPECT_EQ(part.GetText("content"), "Plan sixty da");
  EXPECT_TRUE(parsed->IsCut(*part.Get("content")));
  EXPECT_TRUE(parsed->IsCut(part));
  EXPECT_FALSE(parsed->IsCut(*part.Get("type")));
}

TEST_F(JsonTest, DropsTheHalfTokenAtTheCut) {
  const std::pair<const char*, const char*> kCuts[] = {
      {R"({"a":1,"b)", R"({"a":1})"},
      {R"({"a":1,"b")", R"({"a":1})"},
      {R"({"a":1,"b":)", R"({"a":1})"},
      {R"({"a":1,)", R"({"a":1})"},
      {R"({"a":1,"b":tr)", R"({"a":1})"},
      {R"({"a":[1,2)", R"({"a":[1]})"},
      {R"({"a":"x\)", R"({"a":"x"})"},
      {R"({"a":"x\u00)", R"({"a":"x"})"},
      {R"({"a":"x\ud83d\u)", R"({"a":"x"})"},
      {"[", "[]"},
      {R"({"a":{"b":[{)", R"({"a":{"b":[{}]}})"},
  };
  for (const auto& [cut, whole] : kCuts) {
    const auto parsed = Parse(cut);
    ASSERT_TRUE(parsed) << cut;
    EXPECT_EQ(parsed->root.text, whole) << cut;
    EXPECT_EQ(parsed->health, JsonHealth::kRepaired) << cut;
  }
}

TEST_F(JsonTest, RepairsATextCutAnywhere) {
  const std::string whole =
      R"([{"role":"user","parts":[{"type":"text","content":"a \"b\" \u00e9 \ud83d\ude00 \\"},)"
      R"({"n":-1.5e3,"t":true,"z":null,"l":[[],{}]}],"name":null},{"role":"assistant"}])";
  for (size_t size = 1; size < whole.size(); ++size) {
    const auto parsed = Parse(whole.substr(0, size));
    ASSERT_TRUE(parsed) << size;
    EXPECT_EQ(parsed->health, JsonHealth::kRepaired) << size;
    // What was repaired is strict JSON, and what stands in it was sent.
    const auto again = Parse(parsed->root.text);
    ASSERT_TRUE(again) << parsed->root.text;
    EXPECT_EQ(again->health, JsonHealth::kClean) << parsed->root.text;
  }
}

TEST_F(JsonTest, RefusesEndlessNesting) {
  EXPECT_TRUE(Parse(std::string(100, '[') + std::string(100, ']')));
  EXPECT_FALSE(Parse(std::string(200, '[') + std::string(200, ']')));
  EXPECT_FALSE(Parse(std::string(100000, '[')));
}

TEST_F(JsonTest, MakesEscapedLettersReadable) {
  EXPECT_EQ(UnescapeLetters(
                R"({"from":"\u4e0a\u6d77","e":"\ud83d\ude00","c":"\u0007\\u4e0a\"","l":"\ud83d"})",
                arena_),
            R"({"from":"上海","e":"😀","c":"\u0007\\u4e0a\"","l":"\ud83d"})");
}

TEST_F(JsonTest, TakesStringsWithAnyEscapesAndViewsOfTheRest) {
  const std::string source =
      R"({"plain":"abc","q":"a\"b","b":"\\","bb":"\\\\","end":"x\\","u":"\u00e9\ud83d\ude00","mix":"\\\"","e":""})";
  const auto parsed = Parse(source);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->root.GetText("plain"), "abc");
  EXPECT_EQ(parsed->root.GetText("q"), "a\"b");
  EXPECT_EQ(parsed->root.GetText("b"), "\\");
  EXPECT_EQ(parsed->root.GetText("bb"), "\\\\");
  EXPECT_EQ(parsed->root.GetText("end"), "x\\");
  EXPECT_EQ(parsed->root.GetText("u"), "é😀");
  EXPECT_EQ(parsed->root.GetText("mix"), "\\\"");
  EXPECT_EQ(parsed->root.GetText("e"), "");
  const char* const plain = parsed->root.GetText("plain").data();
  EXPECT_TRUE(plain >= source.data() && plain < source.data() + source.size());
}

}  // namespace
}  // namespace spanlog::genai
