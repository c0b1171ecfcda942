#include "base/rope.h"

#include <gtest/gtest.h>

namespace spanlog {
namespace {

TEST(RopeTest, KeepsWhatItIsGivenWithoutCopyingIt) {
  std::string text(100, 'x');
  const char* const where = text.data();
  Rope rope;
  rope.Append(std::move(text));
  rope.Append(std::string());
  rope.Append(std::vector<char>{'!', '?'});
  const Rope copy = rope;
  EXPECT_EQ(copy.size(), 102u);
  EXPECT_EQ(copy.Flatten(), std::string(100, 'x') + "!?");
  ASSERT_EQ(copy.pieces().size(), 2u) << "an empty piece is none";
  EXPECT_EQ(copy.pieces()[0].bytes.data(), where);
}

TEST(RopeTest, PiecesOutliveTheRope) {
  Rope::Piece piece;
  {
    const Rope rope(std::string(100, 'y'));
    piece = rope.pieces()[0];
  }
  EXPECT_EQ(piece.bytes, std::string(100, 'y'));
}

}  // namespace
}  // namespace spanlog
