#include "base/json_escape.h"

#include <string>

#include "gtest/gtest.h"

namespace spanlog {
namespace {

TEST(JsonEscapeTest, ReadsACharacterWithBothItsUnits) {
  EXPECT_EQ(JsonEscapedAt(R"(x\u4e0A)", 1).code, 0x4E0A);
  EXPECT_EQ(JsonEscapedAt(R"(x\u4e0A)", 1).size, 6u);
  EXPECT_EQ(JsonEscapedAt(R"(\ud83d\uDE00)", 0).code, 0x1F600);
  EXPECT_EQ(JsonEscapedAt(R"(\ud83d\uDE00)", 0).size, 12u);
}

TEST(JsonEscapeTest, TellsHalfACharacterAndWhatIsNoEscape) {
  for (const char* half : {R"(\ud83d)", R"(\ud83dx)", R"(\ud83d\u0041)", R"(\ud83d\ud83d)"}) {
    EXPECT_EQ(JsonEscapedAt(half, 0).code, 0xD83D) << half;
    EXPECT_EQ(JsonEscapedAt(half, 0).size, 6u) << half;
  }
  EXPECT_EQ(JsonEscapedAt(R"(\ude00)", 0).code, 0xDE00);
  for (const char* none : {"", "u0041", R"(\n)", R"(\u12)", R"(\u12g4)"}) {
    EXPECT_EQ(JsonEscapedAt(none, 0).code, -1) << none;
    EXPECT_EQ(JsonEscapedAt(none, 0).size, 0u) << none;
  }
}

TEST(JsonEscapeTest, WritesOneToFourBytes) {
  std::string out;
  for (const int code : {0x41, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFD, 0x10000, 0x10FFFF})
    AppendUtf8(code, out);
  EXPECT_EQ(out, "A\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBD\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
}

}  // namespace
}  // namespace spanlog
