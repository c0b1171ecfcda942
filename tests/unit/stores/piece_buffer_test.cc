#include "stores/piece_buffer.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/client.h"

namespace spanlog::stores {
namespace {

// Pieces with room in front of them, as the HTTP client's have it.
class Pieces final : public BodyPieces {
 public:
  Pieces(std::vector<std::string> texts, size_t front) : texts_(std::move(texts)), front_(front) {}

  std::optional<Chunk> Next() override {
    if (at_ == texts_.size()) return std::nullopt;
    const std::string& text = texts_[at_++];
    if (front_ == 0) return Chunk(text);
    Chunk chunk(front_ + text.size(), front_);
    chunk.Append(text);
    return chunk;
  }

 private:
  const std::vector<std::string> texts_;
  const size_t front_;
  size_t at_ = 0;
};

// Reads words that spaces end, each as a view of the buffer.
std::vector<std::string_view> Words(PieceBuffer& buffer) {
  std::vector<std::string_view> words;
  const char* begin = nullptr;
  const char* at = nullptr;
  while (true) {
    while (at == buffer.end()) {
      const ptrdiff_t read = at - begin;
      const char* const moved = buffer.More(begin);
      if (moved == nullptr) return words;
      begin = moved;
      at = begin + read;
    }
    if (*at++ != ' ') continue;
    words.emplace_back(begin, static_cast<size_t>(at - 1 - begin));
    begin = at;
  }
}

TEST(PieceBufferTest, WhatThePiecesCutIsOneViewAndNothingMovesAfterwards) {
  const std::string longest(300, 'L');
  const std::vector<std::string> words = {"a", "word", longest, "", "of", longest + "er", "end"};
  std::string text;
  for (const std::string& word : words) text += word + " ";
  for (size_t size = 1; size <= text.size(); ++size) {
    std::vector<std::string> cut;
    for (size_t at = 0; at < text.size(); at += size) cut.push_back(text.substr(at, size));
    for (const size_t front : {0, 3, 4096}) {
      Pieces pieces(cut, front);
      PieceBuffer buffer(pieces);
      const std::vector<std::string_view> found = Words(buffer);
      EXPECT_EQ(buffer.received(), text.size());
      Arena arena;
      buffer.MoveTo(arena);
      ASSERT_EQ(std::vector<std::string>(found.begin(), found.end()), words)
          << size << " with " << front << " in front";
    }
  }
}

TEST(PieceBufferTest, GivesTheBodyBackAsFarAsItCameAndTheRest) {
  for (const size_t front : {0, 2, 4096}) {
    Pieces pieces({"one t", "wo thr", "ee", " four", " five"}, front);
    PieceBuffer buffer(pieces);
    const char* at = buffer.More(nullptr);
    at = buffer.More(at + 4);  // "t", and what follows
    EXPECT_EQ(std::string_view(at, 3), "two");
    (void)buffer.More(at + 4);
    const std::string whole = buffer.TakeWhole();
    EXPECT_EQ(whole, "one two three four five") << front;
    EXPECT_GE(whole.capacity(), whole.size() + http::kBodyPadding);
  }
}

TEST(PieceBufferTest, ATextOfAThousandPiecesMovesOnlyAFewTimes) {
  const std::string piece((60 << 10) + 1, 'x');
  for (const size_t front : {0, 4096}) {
    Pieces pieces(std::vector<std::string>(1000, piece), front);
    PieceBuffer buffer(pieces);
    const char* text = buffer.More(nullptr);
    int moves = 0;
    for (const char* moved; (moved = buffer.More(text)) != nullptr; text = moved) {
      moves += moved != text;
    }
    EXPECT_EQ(static_cast<size_t>(buffer.end() - text), 1000 * piece.size());
    EXPECT_EQ(std::string_view(text, 1000 * piece.size()).find_first_not_of('x'),
              std::string_view::npos);
    EXPECT_LE(moves, 12) << front;
  }
}

TEST(PieceBufferTest, AWholeBodyIsNotCopied) {
  std::string text(100'000, 'x');
  const char* const data = text.data();
  WholeBody body(std::move(text));
  PieceBuffer buffer(body);
  EXPECT_EQ(buffer.More(nullptr), data);
  EXPECT_EQ(buffer.TakeWhole().data(), data);
}

}  // namespace
}  // namespace spanlog::stores
