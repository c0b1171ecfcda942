#include "base/quoted.h"

#include <gtest/gtest.h>

namespace spanlog {
namespace {

TEST(QuotedTest, KeepsWhateverTheTextHoldsInsideTheLiteral) {
  EXPECT_EQ(Quoted(""), R"("")");
  EXPECT_EQ(Quoted("travel-agent"), R"("travel-agent")");
  EXPECT_EQ(Quoted(R"(" } || { "a"="a)"), R"("\" } || { \"a\"=\"a")");
  EXPECT_EQ(Quoted("back\\slash\nline"), R"("back\\slash\nline")");
  EXPECT_EQ(Quoted("上海 `x`"), R"("上海 `x`")");
}

}  // namespace
}  // namespace spanlog
