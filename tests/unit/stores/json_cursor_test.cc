#include "stores/json/json_cursor.h"

#include <string>

#include "gtest/gtest.h"
#include "support/cut_body.h"

namespace spanlog::stores {
namespace {

// What the string in `json` stands for; "<refused>" when it is none.
std::string TextOf(std::string json) {
  WholeBody body(std::move(json));
  PieceBuffer pieces(body);
  JsonCursor cursor(pieces);
  std::string_view text;
  if (!cursor.TakeText(text) || !cursor.AtEnd()) return "<refused>";
  return std::string(text);
}

bool Skips(std::string json) {
  WholeBody body(std::move(json));
  PieceBuffer pieces(body);
  JsonCursor cursor(pieces);
  return cursor.SkipValue() && cursor.AtEnd();
}

TEST(JsonCursorTest, ResolvesEveryEscape) {
  EXPECT_EQ(TextOf(R"("")"), "");
  EXPECT_EQ(TextOf(R"( "plain" )"), "plain");
  EXPECT_EQ(TextOf(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(TextOf(R"("\u0041\u00e9\u4E0A\ud83d\uDE00")"), "Aé上😀");
  EXPECT_EQ(TextOf(R"("\u0000")"), std::string(1, '\0'));
  EXPECT_EQ(
      TextOf(
          R"("a long text before \"and a longer text behind it, over a block of sixteen\" end")"),
      "a long text before \"and a longer text behind it, over a block of sixteen\" end");
}

TEST(JsonCursorTest, EscapesMayStandAnywhereInABlock) {
  for (size_t before = 0; before < 40; ++before) {
    for (size_t after = 0; after < 40; ++after) {
      const std::string a(before, 'a'), b(after, 'b');
      EXPECT_EQ(TextOf('"' + a + R"(\n\\)" + b + '"'), a + "\n\\" + b);
    }
  }
}

TEST(JsonCursorTest, RefusesWhatIsNoString) {
  for (const char* json :
       {"", "\"", "\"open", R"("\")", R"("\x")", R"("\u12")", R"("\u12g4")", "\"a\nb\"",
        R"("\ud83d")", R"("\ud83dx")", R"("\ude00")", R"("\ud83d\ud83d")", "x", "1"}) {
    EXPECT_EQ(TextOf(json), "<refused>") << json;
  }
}

TEST(JsonCursorTest, SkipsAnyValueThatIsJson) {
  for (const char* json : {"{}", "[]", "[1,-2.5,0,true,false,null]",
                           R"({"a":{"b":[1,{"c":"\n"}]},"d":""})", " [ 1 , 2 ] "}) {
    EXPECT_TRUE(Skips(json)) << json;
  }
  for (const char* json : {"{", "[1,]", "{\"a\"}", "{\"a\":}", "[01]", "[1.]", "[-]", "[.5]", "tru",
                           "[1 2]", "{1:2}", "nul"}) {
    EXPECT_FALSE(Skips(json)) << json;
  }
}

TEST(JsonCursorTest, LeavesWhatNeedsAWholeParser) {
  EXPECT_FALSE(Skips("[1e5]"));
  EXPECT_FALSE(Skips("[12345678901234567890]"));
  EXPECT_FALSE(Skips(std::string(100, '[') + std::string(100, ']')));
}

TEST(JsonCursorTest, PutsTheTextBackAsItWas) {
  const std::string json = R"({"a":"one\ntwo","b":"\u4e0a\"","c":"plain"})";
  for (size_t size = 1; size <= json.size(); ++size) {
    testing::CutBody body(json, size);
    PieceBuffer pieces(body);
    JsonCursor cursor(pieces);
    EXPECT_TRUE(cursor.SkipValue());
    cursor.Restore();
    EXPECT_EQ(pieces.TakeWhole(), json) << size;
  }
}

TEST(JsonCursorTest, ChangesTheTextWhereItIs) {
  WholeBody body(R"(["one\ntwo"])");
  PieceBuffer pieces(body);
  JsonCursor cursor(pieces);
  EXPECT_TRUE(cursor.SkipValue());
  EXPECT_NE(pieces.TakeWhole(), R"(["one\ntwo"])");
}

TEST(JsonCursorTest, ReadsTheSameWhereverTheTextIsCut) {
  const std::string json =
      R"( [ "Grüße 上😀", "\u4e0a\ud83d\ude00\n\\" , -12.5, true, {"" : null}, "a long text without any", ""] )";
  for (size_t size = 1; size <= json.size(); ++size) {
    testing::CutBody body(json, size);
    PieceBuffer pieces(body);
    JsonCursor cursor(pieces);
    std::string_view one, two, name;
    EXPECT_TRUE(cursor.Take('[') && cursor.TakeText(one) && cursor.Take(',') &&
                cursor.TakeText(two) && cursor.Take(',') && cursor.SkipValue() &&
                cursor.Take(',') && cursor.SkipValue() && cursor.Take(',') && cursor.Take('{') &&
                cursor.TakeName(name) && cursor.SkipValue() && cursor.Take('}') &&
                cursor.Take(',') && cursor.SkipValue() && cursor.Take(',') && cursor.SkipValue() &&
                cursor.Take(']') && cursor.AtEnd())
        << size;
    EXPECT_EQ(one, "Grüße 上😀");
    EXPECT_EQ(two, "上😀\n\\");
  }
}

TEST(JsonCursorTest, RefusesWhatIsNotUtf8WhereverItIsCut) {
  for (const char* text : {"\"a\xC3\"", "\"\xE4\xB8\"", "\"\xFF\"", "\"\xC3\xC3\xA4\"",
                           "\"\xF0\x9F\x98\"", "[-1,\"\xFF open", "[tru\xFF", "[\"\\\xFF"}) {
    const std::string json = text;
    for (size_t size = 1; size <= json.size(); ++size) {
      testing::CutBody body(json, size);
      PieceBuffer pieces(body);
      JsonCursor cursor(pieces);
      EXPECT_FALSE(cursor.SkipValue()) << json << size;
      cursor.Restore();
      EXPECT_EQ(pieces.TakeWhole(), json);
    }
  }
}

TEST(JsonCursorTest, BytesThatAreNotUtf8AreNoEndOfTheText) {
  const std::string json = "{} \xFF and more";
  for (size_t size = 1; size <= json.size(); ++size) {
    testing::CutBody body(json, size);
    PieceBuffer pieces(body);
    JsonCursor cursor(pieces);
    EXPECT_FALSE(cursor.SkipValue() && cursor.AtEnd()) << size;
  }
}

}  // namespace
}  // namespace spanlog::stores
