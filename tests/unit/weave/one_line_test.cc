#include "weave/one_line.h"

#include <gtest/gtest.h>

#include <string>

namespace spanlog::weave {
namespace {

TEST(OneLineTest, MakesSingleSpacesOfWhatIsBlank) {
  Arena arena;
  EXPECT_EQ(OneLine("  first\r\n\tsecond\x01third  ", 100, arena), "first second third");
  EXPECT_EQ(OneLine("\x1b[31mred\x1b[0m text", 100, arena), "red text");
  EXPECT_EQ(OneLine(" \n ", 100, arena), "");
}

TEST(OneLineTest, ShortensByCharactersNotBytes) {
  Arena arena;
  EXPECT_EQ(OneLine("汉字汉字汉字", 4, arena), "汉字汉字…");
  EXPECT_EQ(OneLine("汉字", 2, arena), "汉字");
  EXPECT_EQ(OneLine("a b c", 3, arena), "a b…");
}

// Words are copied in blocks of 16 bytes.
TEST(OneLineTest, SeesABlankAtEveryPlaceOfALongText) {
  Arena arena;
  const std::string words = "one two three four five six seven eight nine ten";
  for (const std::string blank : {" ", "  ", "\n", " \t ", "\x7f", "\x1b[1m", "\x1b[0m "}) {
    for (size_t at = 1; at < words.size(); ++at) {
      if (words[at] == ' ' || words[at - 1] == ' ') continue;
      EXPECT_EQ(OneLine(words.substr(0, at) + blank + words.substr(at), 100, arena),
                words.substr(0, at) + " " + words.substr(at));
    }
  }
}

TEST(OneLineTest, EndsWithoutABlankWhereverItIsCut) {
  Arena arena;
  const std::string words = "one two three four five six seven é eight nine ten and no more";
  for (size_t chars = 1; chars < 62; ++chars) {
    const size_t bytes = chars < 35 ? chars : chars + 1;  // é has two
    std::string expected = words.substr(0, bytes);
    if (expected.back() == ' ') expected.pop_back();
    if (bytes < words.size()) expected += "…";
    EXPECT_EQ(OneLine(words, chars, arena), expected) << chars;
  }
}

}  // namespace
}  // namespace spanlog::weave
