#include "base/json_check.h"

#include <gtest/gtest.h>

namespace spanlog {
namespace {

TEST(JsonCheckTest, AcceptsOnlyWholeObjectsAndArrays) {
  EXPECT_TRUE(IsJsonContainer(R"({"a":[1,"two",null]})"));
  EXPECT_TRUE(IsJsonContainer("  [1, 2]\n"));
  EXPECT_FALSE(IsJsonContainer(""));
  EXPECT_FALSE(IsJsonContainer("42"));
  EXPECT_FALSE(IsJsonContainer("\"text\""));
  EXPECT_FALSE(IsJsonContainer("[INFO] started [ok]"));
  EXPECT_FALSE(IsJsonContainer(R"({"a":1} trailing {})"));
  EXPECT_FALSE(IsJsonContainer(R"({"cut":"in the midd)"));
}

}  // namespace
}  // namespace spanlog
