#include <gtest/gtest.h>

#include "base/utf8.h"
#include "stores/json/json_body.h"
#include "stores/json/json_text.h"
#include "stores/json/json_value.h"

namespace spanlog::stores {
namespace {

TEST(JsonBodyTest, KeepsTextsWhenTheTreeIsDropped) {
  std::optional<JsonBody> body = JsonBody::Parse(R"({"a":"x\u00e9\n","b":[1,2]})");
  ASSERT_TRUE(body.has_value());
  const std::shared_ptr<Arena> arena = body->arena();
  const std::string_view text = TextMember(body->root(), "a");
  body->DropTree();
  body.reset();
  EXPECT_EQ(text, "x\u00e9\n");
}

TEST(JsonBodyTest, ReadsAroundBrokenCharacters) {
  for (const std::string& json :
       {std::string("{\"a\":\"b\xff"
                    "c\"}"),
        std::string(R"({"a":"b\ud800c"})"), std::string(R"({"a":"b\udc00c"})"),
        std::string(R"({"a":"b\ud800\ud800c"})"), std::string(R"({"a":"b\ud800)") + "\xC3\"}"}) {
    const std::optional<JsonBody> body = JsonBody::Parse(json);
    ASSERT_TRUE(body.has_value()) << json;
    EXPECT_TRUE(IsValidUtf8(TextMember(body->root(), "a")));
    EXPECT_EQ(TextMember(body->root(), "a").front(), 'b');
  }
}

TEST(JsonBodyTest, LeavesPairedSurrogatesAndEscapedBackslashesAlone) {
  EXPECT_EQ(RepairJsonText(R"("\ud83d\ude00 \\ud800 \ud800")"), R"("\ud83d\ude00 \\ud800 \ufffd")");
  EXPECT_EQ(RepairJsonText("\"\\"), "\"\\");
}

TEST(JsonBodyTest, RefusesWhatIsNoJson) {
  for (const char* text : {"", "<html>", "{\"a\":", "{\"a\":1}}", "{\"a\":1} x"}) {
    EXPECT_FALSE(JsonBody::Parse(text).has_value()) << text;
  }
  EXPECT_FALSE(JsonBody::Parse(std::string(100'000, '[')).has_value());
}

TEST(JsonBodyTest, ReadsNumbersSentAsText) {
  const auto body =
      JsonBody::Parse(R"({"a":"1795252381231000000","b":12,"c":1.9,"d":"x","e":1e300})");
  EXPECT_EQ(IntMember(body->root(), "a"), 1795252381231000000);
  EXPECT_EQ(IntMember(body->root(), "b"), 12);
  EXPECT_EQ(IntMember(body->root(), "c"), 1);
  EXPECT_EQ(IntMember(body->root(), "d"), std::nullopt);
  EXPECT_EQ(IntMember(body->root(), "e"), std::nullopt);
  EXPECT_EQ(IntMember(body->root(), "none"), std::nullopt);
}

TEST(JsonValueTest, WritesTreesAsCompactJson) {
  const auto body = JsonBody::Parse(R"( { "b" : [ 1 , -2.5, "x\"y", null, true ], "a": {} } )");
  std::string out;
  AppendJson(out, body->root());
  EXPECT_EQ(out, R"({"b":[1,-2.5,"x\"y",null,true],"a":{}})");
}

TEST(JsonTextTest, EscapesWhatJsonAsksForAndNothingElse) {
  std::string out;
  AppendJsonString(out, std::string_view("a\"b\\c\n\t\x01\0<é>", 13));
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\t\\u0001\\u0000<é>\"");
  out.clear();
  AppendJsonBytesAsText(out, "a\xff");
  EXPECT_EQ(out, "\"a\xEF\xBF\xBD\"");
}

TEST(JsonTextTest, ReadsAndWritesBase64) {
  for (const std::string& bytes : {std::string(), std::string("f"), std::string("fo"),
                                   std::string("foo"), std::string("\x00\xff\xfe", 3)}) {
    std::string encoded, decoded;
    AppendBase64(encoded, bytes);
    EXPECT_TRUE(DecodeBase64(encoded, decoded));
    EXPECT_EQ(decoded, bytes);
  }
  std::string out;
  EXPECT_FALSE(DecodeBase64("a$b=", out));
  EXPECT_FALSE(DecodeBase64("abcde", out));
}

}  // namespace
}  // namespace spanlog::stores
