#include "model/ids.h"

#include <gtest/gtest.h>

namespace spanlog {
namespace {

TEST(TraceIdTest, TakesOneToThirtyTwoHexDigitsInAnyCase) {
  EXPECT_EQ(ParseTraceId("1")->Hex(), "00000000000000000000000000000001");
  EXPECT_EQ(ParseTraceId("ABCdef0123456789ABCdef0123456789")->Hex(),
            "abcdef0123456789abcdef0123456789");
  EXPECT_EQ(ParseTraceId("51bae3368affdf89")->high, 0u);
}

TEST(TraceIdTest, RefusesEverythingElse) {
  EXPECT_FALSE(ParseTraceId("").has_value());
  // One wrong byte anywhere, in either half.
  for (size_t i = 0; i < 32; ++i) {
    std::string id(32, 'f');
    for (const char wrong : {'g', 'G', '/', ':', '@', '`', ' ', '\0', '\xC3'}) {
      id[i] = wrong;
      EXPECT_FALSE(ParseTraceId(id).has_value()) << i;
      EXPECT_EQ(ParseSpanId(std::string_view(id).substr(i & 16, 16)), 0u) << i;
    }
  }
  EXPECT_FALSE(ParseTraceId("0x12").has_value());
  EXPECT_FALSE(ParseTraceId("../../etc").has_value());
  EXPECT_FALSE(ParseTraceId("abcdef0123456789abcdef01234567890").has_value());
  EXPECT_FALSE(ParseTraceId("12345678-1234-1234-1234-123456789012").has_value());
}

TEST(TraceIdTest, GivesTheLowHalfForOldLoggers) {
  EXPECT_EQ(ParseTraceId("a52ad897b4b6d2ed42008f9de71b6cbc")->LowHex(), "42008f9de71b6cbc");
}

TEST(SpanIdTest, ReadsHexAndTreatsZerosAsNone) {
  EXPECT_EQ(ParseSpanId("00000000000000ff"), 255u);
  EXPECT_EQ(ParseSpanId("0xFF"), 255u);
  EXPECT_EQ(ParseSpanId("0000000000000000"), 0u);
  EXPECT_EQ(ParseSpanId("not an id"), 0u);
  EXPECT_EQ(ParseSpanId("12345678901234567"), 0u);
  EXPECT_EQ(SpanIdHex(255), "00000000000000ff");
}

}  // namespace
}  // namespace spanlog
