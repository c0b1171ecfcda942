#include "base/utf8.h"

#include <gtest/gtest.h>

namespace spanlog {
namespace {

constexpr std::string_view kBroken = "\xEF\xBF\xBD";

TEST(Utf8Test, LeavesValidTextAlone) {
  Arena arena;
  const std::string_view text = "plain, 汉字, 👩‍👩‍👧 and \xC2\xA0";

  EXPECT_TRUE(IsValidUtf8(text));
  EXPECT_EQ(ToValidUtf8(text, arena).data(), text.data());
}

TEST(Utf8Test, ReplacesEachBrokenByte) {
  EXPECT_EQ(ToValidUtf8("a\xFFz"), std::string("a") + std::string(kBroken) + "z");
  EXPECT_EQ(ToValidUtf8("cut \xE6\xB1"),
            std::string("cut ") + std::string(kBroken) + std::string(kBroken));
}

TEST(Utf8Test, RefusesOverlongFormsSurrogatesAndTooLargeValues) {
  EXPECT_FALSE(IsValidUtf8("\xC0\x80"));
  EXPECT_FALSE(IsValidUtf8("\xED\xA0\x80"));
  EXPECT_FALSE(IsValidUtf8("\xF4\x90\x80\x80"));
  EXPECT_FALSE(IsValidUtf8("\xE0\x80\x80"));
  EXPECT_TRUE(IsValidUtf8("\xF4\x8F\xBF\xBF"));
}

TEST(Utf8Test, FindsABrokenByteAfterALongRunOfAscii) {
  std::string text(1000, 'a');
  text[999] = '\x80';
  EXPECT_FALSE(IsValidUtf8(text));
}

TEST(Utf8Test, CutsBetweenCharacters) {
  EXPECT_EQ(CutUtf8("汉字", 4), "汉");
  EXPECT_EQ(CutUtf8("汉字", 6), "汉字");
  EXPECT_EQ(CutUtf8("ab", 0), "");
  EXPECT_EQ(CutChars("汉字x", 2), "汉字");
  EXPECT_EQ(CutChars("汉", 5), "汉");
}

}  // namespace
}  // namespace spanlog
