#include "base/stable_hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace spanlog {
namespace {

uint64_t HashOf(std::string_view text) {
  StableHash hash;
  hash.Add(text);
  return hash.value();
}

// Rows of links that people keep are named by it.
TEST(StableHashTest, IsTheSameInEveryVersionForEveryLength) {
  const std::string text =
      "The quick brown fox jumps over the lazy dog, again and again and again.";
  StableHash all;
  for (size_t size = 0; size <= text.size(); ++size)
    all.Add(std::string_view(text).substr(0, size));
  EXPECT_EQ(all.value(), 0x7BA52B39032FED88ull);
}

TEST(StableHashTest, SeesEveryByte) {
  std::set<uint64_t> seen;
  size_t texts = 0;
  for (size_t size = 1; size < 80; ++size) {
    for (size_t at = 0; at < size; ++at, ++texts) {
      std::string text(size, 'a');
      text[at] = 'b';
      seen.insert(HashOf(text));
    }
  }
  EXPECT_EQ(seen.size(), texts);
}

TEST(StableHashTest, ReadsNothingOutsideOfTheText) {
  const std::string text = "xxabcdefghijklmnopqxx";
  for (size_t size = 0; size <= 17; ++size) {
    EXPECT_EQ(HashOf(std::string_view(text).substr(2, size)),
              HashOf(std::string("abcdefghijklmnopq", size)));
  }
}

}  // namespace
}  // namespace spanlog
