#include "weave/span_tree.h"

#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::weave {
namespace {

TEST(SpanTreeTest, PutsEverySpanAfterItsParent) {
  World world;
  const uint32_t leaf = world.AddSpan(3, 2, "leaf", 2, 3);
  const uint32_t middle = world.AddSpan(2, 1, "middle", 1, 4);
  const uint32_t root = world.AddSpan(1, 0, "root", 0, 5);
  const SpanTree tree(*world.trace);

  EXPECT_EQ(tree.top_down(), (std::vector<uint32_t>{root, middle, leaf}));
  EXPECT_EQ(tree.root(), root);
  EXPECT_TRUE(tree.IsSameOrAbove(root, leaf));
  EXPECT_FALSE(tree.IsSameOrAbove(leaf, root));
}

TEST(SpanTreeTest, CutsACycleOnceAndKeepsAllItsSpans) {
  World world;
  world.AddSpan(1, 3, "a", 0, 1);
  world.AddSpan(2, 1, "b", 1, 2);
  world.AddSpan(3, 2, "c", 2, 3);
  world.AddSpan(4, 4, "self", 3, 4);
  const SpanTree tree(*world.trace);

  EXPECT_EQ(tree.top_down().size(), 4u);
  EXPECT_EQ(tree.cycle_cut(0) + tree.cycle_cut(1) + tree.cycle_cut(2), 1);
  EXPECT_TRUE(tree.cycle_cut(3));
}

TEST(SpanTreeTest, PrefersATrueRootToAnEarlierOrphan) {
  World world;
  world.AddSpan(2, 99, "orphan", 0, 1);
  const uint32_t root = world.AddSpan(1, 0, "root", 5, 9);

  EXPECT_EQ(SpanTree(*world.trace).root(), root);
}

TEST(SpanTreeTest, HasNoRootWithoutSpans) {
  const Trace empty;
  EXPECT_EQ(SpanTree(empty).root(), kNoIndex);
}

}  // namespace
}  // namespace spanlog::weave
