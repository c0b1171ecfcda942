#include "base/text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace spanlog {
namespace {

TEST(TextTest, JoinsTextAndNumbers) {
  EXPECT_EQ(Concat("a", 1, std::string_view("b"), 'c'), "a1bc");
}

TEST(TextTest, WritesTheShortestNumberThatReadsBack) {
  EXPECT_EQ(DoubleToText(13.5), "13.5");
  EXPECT_EQ(DoubleToText(14), "14");
  EXPECT_EQ(DoubleToText(1e21), "1e+21");
  EXPECT_EQ(DoubleToText(std::nan("")), "NaN");
  EXPECT_EQ(DoubleToText(-INFINITY), "-Infinity");
}

TEST(TextTest, ParsesOnlyWholeNumbers) {
  int64_t number = 0;
  EXPECT_TRUE(ParseInt64("-42", number));
  EXPECT_EQ(number, -42);
  EXPECT_FALSE(ParseInt64("42x", number));
  EXPECT_FALSE(ParseInt64("", number));
  EXPECT_FALSE(ParseInt64("99999999999999999999", number));
}

TEST(TextTest, ComparesWithoutCase) {
  EXPECT_TRUE(EqualsIgnoreCase("Content-TYPE", "content-type"));
  EXPECT_FALSE(EqualsIgnoreCase("a", "ab"));
}

TEST(TextTest, TrimsBlanks) { EXPECT_EQ(TrimSpace(" \t\r\n a b \n"), "a b"); }

}  // namespace
}  // namespace spanlog
