#include "base/arena.h"

#include <gtest/gtest.h>

namespace spanlog {
namespace {

TEST(ArenaTest, KeepsCopiesAtStableAddresses) {
  Arena arena;
  const std::string_view first = arena.Copy("first");
  for (int i = 0; i < 10'000; ++i) arena.Copy("filler of some length");

  EXPECT_EQ(first, "first");
}

TEST(ArenaTest, OwnsBodiesOfAnySize) {
  Arena arena;
  const std::string_view small = arena.Own("tiny");
  const std::string_view large = arena.Own(std::string(1 << 20, 'x'));

  EXPECT_EQ(small, "tiny");
  EXPECT_EQ(large.size(), size_t{1} << 20);
  EXPECT_GE(arena.bytes(), size_t{1} << 20);
}

TEST(ArenaTest, GivesBackTheTailOfTheNewestPiece) {
  Arena arena;
  char* const piece = arena.Allocate(1000);
  arena.Shrink(piece, 1000, 10);

  EXPECT_EQ(arena.Allocate(16), piece + 16);
}

TEST(ArenaTest, CopiesArrays) {
  Arena arena;
  const std::vector<int> numbers = {1, 2, 3};
  const absl::Span<const int> copy = arena.CopyArray(numbers);

  EXPECT_EQ(std::vector<int>(copy.begin(), copy.end()), numbers);
  EXPECT_TRUE(arena.CopyArray(std::vector<int>()).empty());
}

}  // namespace
}  // namespace spanlog
