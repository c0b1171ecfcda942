#include "model/nesting.h"

#include <gtest/gtest.h>

#include "model/message.h"

namespace spanlog {
namespace {

TEST(NestingTest, KnowsWhoIsAboveWhom) {
  //     1        4
  //   0   3
  //       2
  const Nesting nesting({1, kNoIndex, 3, 1, kNoIndex});
  const bool above[5][5] = {{false, false, false, false, false},
                            {true, false, true, true, false},
                            {false, false, false, false, false},
                            {false, false, true, false, false},
                            {false, false, false, false, false}};
  for (uint32_t a = 0; a < 5; ++a) {
    for (uint32_t b = 0; b < 5; ++b) EXPECT_EQ(nesting.IsAbove(a, b), above[a][b]) << a << ' ' << b;
  }
}

TEST(NestingTest, SpansBelowASpanFollowIt) {
  const Nesting nesting({kNoIndex, 0, 1, 0});
  EXPECT_EQ(nesting.first(0), 0u);
  EXPECT_EQ(nesting.last(0), 3u);
  EXPECT_EQ(nesting.last(1), nesting.first(2));
  EXPECT_EQ(nesting.first(3), nesting.last(3));
}

TEST(NestingTest, NobodyIsBelowACycle) {
  const Nesting nesting({1, 0, 0, 2, kNoIndex, 4});
  for (uint32_t a = 0; a < 6; ++a) {
    for (uint32_t b = 0; b < 6; ++b) {
      const bool is_above = (a == 2 && b == 3) || (a == 4 && b == 5);
      EXPECT_EQ(nesting.IsAbove(a, b), is_above) << a << ' ' << b;
    }
  }
}

TEST(NestingTest, TakesAChainOfAnyDepth) {
  constexpr uint32_t kDeep = 200'000;
  std::vector<uint32_t> parents;
  for (uint32_t i = 0; i < kDeep; ++i) parents.push_back(i == 0 ? kNoIndex : i - 1);
  const Nesting nesting(parents);
  for (uint32_t i = 1; i < kDeep; ++i) {
    ASSERT_TRUE(nesting.IsAbove(0, i));
    ASSERT_FALSE(nesting.IsAbove(i, i - 1));
  }
}

}  // namespace
}  // namespace spanlog
