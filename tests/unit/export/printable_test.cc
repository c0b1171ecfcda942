#include "export/printable.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace spanlog::exports {
namespace {

TEST(PrintableTest, ShowsControlCharactersAsSymbols) {
  EXPECT_EQ(Printable(std::string_view("\0a\x1b[0m\x7f", 7)), "␀a␛[0m␡");
  EXPECT_EQ(Printable("a\r\nb\tc\rd"), "a\nb\tc␍d");
}

TEST(PrintableTest, HidesC1ControlsAndReversals) {
  EXPECT_EQ(Printable("a\u0080b\u009fc\u00a0d"), "a\uFFFDb\uFFFDc\u00a0d");
  EXPECT_EQ(Printable("x\u202ey\u2066z\u2069\u202f"), "x\uFFFDy\uFFFDz\uFFFD\u202f");
}

TEST(PrintableTest, KeepsEverythingElse) {
  EXPECT_EQ(Printable("日本語 🎉 e\u0301 “x”"), "日本語 🎉 e\u0301 “x”");
}

TEST(PrintableTest, PutsTextOnOneLine) { EXPECT_EQ(PrintableLine("a\r\nb\tc\n"), "a b c "); }

TEST(PrintableTest, LeavesNoControlByteWhateverComes) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  for (int c = 0x80; c < 0xC0; ++c) {
    all += '\xC2';
    all += static_cast<char>(c);
  }
  const std::string line = PrintableLine(all);
  EXPECT_TRUE(IsValidUtf8(line));
  for (const char c : line) EXPECT_TRUE(static_cast<uint8_t>(c) >= 0x20 && c != 0x7F);
}

}  // namespace
}  // namespace spanlog::exports
