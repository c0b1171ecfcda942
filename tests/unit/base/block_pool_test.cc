#include "base/block_pool.h"

#include <cstring>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace spanlog {
namespace {

TEST(BlockPoolTest, GivesEachBlockToOneAtATime) {
  BlockPool pool;
  std::set<char*> taken;
  for (int i = 0; i < 100; ++i) {
    char* const block = pool.Take();
    std::memset(block, i, BlockPool::kBlockBytes);
    EXPECT_TRUE(taken.insert(block).second);
  }
  for (char* const block : taken) pool.Give(block);
  EXPECT_GE(pool.unused(), 100u);
  EXPECT_TRUE(taken.contains(pool.Take()));
}

TEST(BlockPoolTest, ABlockCanBeUsedAgainAfterItsMemoryWasGivenBack) {
  BlockPool pool;
  char* const block = pool.Take();
  std::memset(block, 'x', BlockPool::kBlockBytes);
  pool.Give(block);
  const size_t unused = pool.unused();
  pool.Trim();
  EXPECT_EQ(pool.unused(), unused);
  char* const again = pool.Take();
  std::memset(again, 'y', BlockPool::kBlockBytes);
  EXPECT_EQ(again[BlockPool::kBlockBytes - 1], 'y');
}

TEST(BlockPoolTest, ManyThreadsShareIt) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 500; ++i) {
        Block block(BlockPool::kBlockBytes);
        std::memset(block.data(), t, block.size());
        EXPECT_EQ(block.data()[block.size() / 2], t);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(BlockTest, HasTheSizeThatWasAskedForAndCanBeMoved) {
  Block small(100);
  EXPECT_EQ(small.size(), 100u);
  std::memset(small.data(), 'a', small.size());
  Block large(BlockPool::kBlockBytes * 3);
  std::memset(large.data(), 'b', large.size());
  small = std::move(large);
  EXPECT_EQ(small.size(), BlockPool::kBlockBytes * 3);
  EXPECT_EQ(small.data()[small.size() - 1], 'b');
}

}  // namespace
}  // namespace spanlog
