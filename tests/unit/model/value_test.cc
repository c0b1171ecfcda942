#include "model/value.h"

#include <gtest/gtest.h>

#include <limits>

namespace spanlog {
namespace {

TEST(ValueTest, FindsTheFirstAttributeOfAName) {
  const Attribute attributes[] = {
      {"a", Value::String("1")}, {"b", Value::Int(2)}, {"a", Value::String("3")}};

  EXPECT_EQ(FindText(attributes, "a"), "1");
  EXPECT_EQ(Find(attributes, "c"), nullptr);
}

TEST(ValueTest, ReadsNumbersThatWereSentAsText) {
  const Attribute attributes[] = {{"text", Value::String("84562")},
                                  {"big", Value::Int(int64_t{1} << 62)},
                                  {"nan", Value::Double(std::numeric_limits<double>::quiet_NaN())},
                                  {"word", Value::String("many")}};
  int64_t number = 0;

  EXPECT_TRUE(FindInt(attributes, "text", number));
  EXPECT_EQ(number, 84562);
  EXPECT_TRUE(FindInt(attributes, "big", number));
  EXPECT_EQ(number, int64_t{1} << 62);
  EXPECT_FALSE(FindInt(attributes, "nan", number));
  EXPECT_FALSE(FindInt(attributes, "word", number));
}

}  // namespace
}  // namespace spanlog
