#include "frame/buffer.h"

#include <string>

#include "gtest/gtest.h"

namespace spanlog::frame {
namespace {

// Different at every place.
std::string Counted(size_t size) {
  std::string text;
  for (size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + ',';
  text.resize(size);
  return text;
}

std::string Joined(std::vector<Buffer::Bytes> chunks) {
  std::string all;
  for (const Buffer::Bytes& chunk : chunks) all.append(chunk.data(), chunk.size());
  return all;
}

TEST(BufferTest, ASmallOneIsOnePiece) {
  Buffer buffer;
  const std::string text = Counted(3000);
  for (const char c : text) buffer.Append(c);
  EXPECT_EQ(buffer.size(), text.size());
  EXPECT_EQ(buffer.view(), text);
  const auto chunks = buffer.TakeChunks();
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(buffer.size(), 0u);
}

TEST(BufferTest, ALargeOneIsInChunksThatDoNotMove) {
  Buffer buffer;
  const std::string text = Counted(5 * Buffer::kChunk + 17);
  for (size_t at = 0; at < text.size(); at += 1000)
    buffer.Append(std::string_view(text).substr(at, 1000));
  EXPECT_EQ(buffer.size(), text.size());
  std::vector<Buffer::Bytes> chunks = buffer.TakeChunks();
  EXPECT_GE(chunks.size(), 6u);
  EXPECT_EQ(Joined(std::move(chunks)), text);
}

TEST(BufferTest, APieceLargerThanAChunkStaysWhole) {
  Buffer buffer;
  buffer.Append("head");
  const std::string text = Counted(3 * Buffer::kChunk);
  buffer.Append(text);
  buffer.Append("tail");
  EXPECT_EQ(buffer.view(), "head" + text + "tail");
  buffer.Append('!');
  EXPECT_EQ(Joined(buffer.TakeChunks()), "head" + text + "tail!");
}

TEST(BufferTest, KnowsAndDropsItsLastByteAcrossChunks) {
  Buffer buffer;
  buffer.Append(Counted(Buffer::kChunk - 1));
  buffer.Append('x');
  EXPECT_EQ(buffer.last(), 'x');
  buffer.Reserve(100);  // begins a chunk
  EXPECT_EQ(buffer.last(), 'x');
  buffer.DropLast();
  EXPECT_EQ(buffer.size(), Buffer::kChunk - 1);
  buffer.Append('y');
  EXPECT_EQ(buffer.view(), Counted(Buffer::kChunk - 1) + "y");
}

TEST(BufferTest, CopiesWhatItHasFromAnyChunk) {
  Buffer buffer;
  std::string expected = Counted(3 * Buffer::kChunk);
  for (size_t at = 0; at < expected.size(); at += 777)
    buffer.Append(std::string_view(expected).substr(at, 777));
  const size_t places[][2] = {{0, 10},
                              {Buffer::kChunk - 5, 10},
                              {Buffer::kChunk / 2, Buffer::kChunk},
                              {2 * Buffer::kChunk + 7, 100},
                              {expected.size() - 50, 50},
                              {10, 2 * Buffer::kChunk + 100}};
  for (const auto& [offset, size] : places) {
    buffer.AppendCopyOf(offset, size);
    expected += expected.substr(offset, size);
  }
  EXPECT_EQ(buffer.view(), expected);
}

}  // namespace
}  // namespace spanlog::frame
