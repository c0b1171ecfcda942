#include "cli/display_width.h"

#include <gtest/gtest.h>

namespace spanlog::cli {
namespace {

TEST(DisplayWidthTest, CountsCellsAndNotBytes) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("naïve"), 5u);
  EXPECT_EQ(DisplayWidth("日本語"), 6u);
  EXPECT_EQ(DisplayWidth("한국어"), 6u);
  EXPECT_EQ(DisplayWidth("ﾊﾝｶｸ"), 4u);
  EXPECT_EQ(DisplayWidth("「全角」"), 8u);
}

TEST(DisplayWidthTest, GivesCombiningCharactersNoCell) {
  EXPECT_EQ(DisplayWidth("e\u0301"), 1u);
  EXPECT_EQ(DisplayWidth("a\u200Bb"), 2u);
  EXPECT_EQ(DisplayWidth("\uFEFFx"), 1u);
  EXPECT_EQ(DisplayWidth("नि"), 2u);  // the vowel sign has a cell of its own
}

TEST(DisplayWidthTest, GivesAnEmojiSequenceTwoCells) {
  EXPECT_EQ(DisplayWidth("🎉"), 2u);
  EXPECT_EQ(DisplayWidth("👍🏽"), 2u);
  EXPECT_EQ(DisplayWidth("👩‍👩‍👧‍👦"), 2u);
  EXPECT_EQ(DisplayWidth("❤️"), 2u);
  EXPECT_EQ(DisplayWidth("🇩🇪🇫🇷"), 4u);
  EXPECT_EQ(DisplayWidth("🎉🎉"), 4u);
}

TEST(DisplayWidthTest, FillsOrCutsToTheCell) {
  EXPECT_EQ(FitWidth("abc", 5, "…"), "abc  ");
  EXPECT_EQ(FitWidth("abc", 3, "…"), "abc");
  EXPECT_EQ(FitWidth("abcdef", 4, "…"), "abc…");
  EXPECT_EQ(FitWidth("abcdef", 5, "..."), "ab...");
  EXPECT_EQ(FitWidth("日本語", 5, "…"), "日本…");
  EXPECT_EQ(FitWidth("日本語", 4, "…"), "日… ");  // half a character cannot be drawn
  EXPECT_EQ(FitWidth("e\u0301e\u0301e\u0301", 2, "…"), "e\u0301…");
  EXPECT_EQ(FitWidth("abc", 2, "..."), "  ");
  EXPECT_EQ(FitWidth("abc", 0, "…"), "");
}

TEST(DisplayWidthTest, FitsEveryTextIntoEveryWidth) {
  const std::string text = "a日e\u0301🎉👩‍👩‍👧x🇩🇪語";
  for (size_t cells = 0; cells < 20; ++cells) {
    EXPECT_EQ(DisplayWidth(FitWidth(text, cells, "…")), cells);
  }
}

}  // namespace
}  // namespace spanlog::cli
