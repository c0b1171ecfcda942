#include "base/chunk.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace spanlog {
namespace {

TEST(ChunkTest, GrowsIntoTheRoomAroundIt) {
  Chunk chunk(16, 6);
  EXPECT_EQ(chunk.size(), 0u);
  EXPECT_EQ(chunk.front(), 6u);
  EXPECT_EQ(chunk.room(), 10u);
  chunk.Append("middle");
  chunk.Append("-end");
  chunk.Prepend("front-");
  EXPECT_EQ(chunk.view(), "front-middle-end");
  EXPECT_EQ(chunk.front() + chunk.room(), 0u);
  chunk.DropLast(4);
  EXPECT_EQ(chunk.view(), "front-middle");
  EXPECT_EQ(chunk.room(), 4u);
  EXPECT_EQ(chunk.capacity(), 16u);
  EXPECT_EQ(chunk.TakeText(), "front-middle");
  EXPECT_EQ(chunk.size(), 0u);
}

TEST(ChunkTest, StaysWhereItIsWhenItIsMoved) {
  for (const size_t size : {1u, 15u, 40u}) {
    std::vector<Chunk> chunks;
    chunks.emplace_back(std::string(size, 'a'));
    const std::string_view view = chunks[0].view();
    for (int i = 0; i < 9; ++i) chunks.emplace_back(std::string("other"));
    EXPECT_EQ(chunks[0].data(), view.data());
    EXPECT_EQ(view, std::string(size, 'a'));
  }
}

TEST(ChunkTest, GivesATextBackWithoutACopy) {
  std::string text(100'000, 'x');
  const char* const data = text.data();
  Chunk chunk(std::move(text));
  chunk.DropLast(1);
  const std::string back = chunk.TakeText();
  EXPECT_EQ(back.data(), data);
  EXPECT_EQ(back.size(), 99'999u);
}

}  // namespace
}  // namespace spanlog
