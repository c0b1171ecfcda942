#include "weave/skew.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "builders.h"

namespace spanlog::weave {
namespace {

using ::testing::HasSubstr;

struct SkewTest : public ::testing::Test {
  SkewTest() {
    web = world.AddService("web");
    stock = world.AddService("stock");
    world.AddSpan(1, 0, "GET /", 0, 1000, web);
  }
  // A request of 100 ms in which the server works for 60 ms, on a clock `ahead` ms ahead.
  void AddRequest(int64_t at_ms, int64_t ahead_ms) {
    const uint64_t id = next_id_;
    next_id_ += 2;
    world.AddSpan(id, 1, "call", at_ms, at_ms + 100, web);
    world.trace->spans.back().kind = SpanKind::kClient;
    world.AddSpan(id + 1, id, "serve", at_ms + 20 + ahead_ms, at_ms + 80 + ahead_ms, stock);
    world.trace->spans.back().kind = SpanKind::kServer;
  }
  std::vector<ServiceSkew> Estimate() const {
    return EstimateSkew(*world.trace, SpanTree(*world.trace));
  }
  World world;
  uint32_t web, stock;
  uint64_t next_id_ = 10;
};

TEST_F(SkewTest, SaysNothingWhenServersLieInsideTheirClients) {
  AddRequest(0, 0);
  AddRequest(200, 5);
  EXPECT_TRUE(Estimate().empty());
}

TEST_F(SkewTest, ASpanThatIsMovedStaysInTimesThatCanBeDrawn) {
  // On the one clock it is 1970, on the other 2116, and each service on the way adds to it.
  const uint32_t far = world.AddService("far"), farther = world.AddService("farther");
  const auto add = [&](uint64_t id, uint64_t parent, int64_t start_ns, uint32_t service) {
    world.AddSpan(id, parent, "serve", 0, 1, service);
    Span& span = world.trace->spans.back();
    span.kind = SpanKind::kServer;
    span.start_ns = start_ns;
    span.end_ns = start_ns + 1000;
  };
  world.trace->spans[0].start_ns = 5000;
  world.trace->spans[0].end_ns = 9000;
  add(2, 1, kLatestTimeNs - 2000, stock);
  add(3, 2, 10, far);
  add(4, 3, kLatestTimeNs - 2000, farther);
  const auto skews = Estimate();
  EXPECT_FALSE(skews.empty());
  for (const Span& span : WithoutSkew(*world.trace, skews).spans) {
    EXPECT_GT(span.start_ns, 0);
    EXPECT_LE(span.start_ns, span.end_ns);
    EXPECT_LE(span.end_ns, kLatestTimeNs);
  }
}

TEST_F(SkewTest, EstimatesHowFarAServicesClockIsAhead) {
  for (int i = 0; i < 5; ++i) AddRequest(i * 150, 3000);
  const auto skews = Estimate();

  ASSERT_EQ(skews.size(), 1u);
  EXPECT_EQ(skews[0].service, "stock");
  EXPECT_EQ(skews[0].ahead_ns, 3000 * kMs);
  EXPECT_EQ(skews[0].pairs, 5u);
}

TEST_F(SkewTest, IsNotFooledByOneOddRequest) {
  for (int i = 0; i < 4; ++i) AddRequest(i * 150, 0);
  AddRequest(700, 9000);
  EXPECT_TRUE(Estimate().empty());
}

TEST_F(SkewTest, IsShownAndOnlyCorrectedWhenAsked) {
  AddRequest(0, 3000);
  AddRequest(200, 3000);
  LogRecord& record = world.AddRecord(11, 3050, "in stock");
  record.service = "stock";
  const Woven as_it_is = world.Weave();
  world.options.correct_clock_skew = true;
  const Woven corrected = world.Weave();

  EXPECT_THAT(as_it_is.notices[0].text, HasSubstr("stock seems to be 3 s ahead of that of web"));
  EXPECT_EQ(FindRow(as_it_is, "serve")->start_ns, kStart + 3020 * kMs);
  EXPECT_EQ(FindRow(corrected, "serve")->start_ns, kStart + 20 * kMs);
  EXPECT_EQ(FindRow(corrected, "in stock")->start_ns, kStart + 50 * kMs);
  EXPECT_EQ(TagText(*FindRow(corrected, "in stock"), kTimestampKey),
            std::to_string(kStart + 3050 * kMs));
}

TEST(ManyServicesTest, EachIsMovedByItsOwnSkew) {
  constexpr uint32_t kMany = 20'000;
  World world;
  world.AddSpan(1, 0, "root", 0, 1'000'000);
  for (uint32_t i = 1; i < kMany; ++i) {
    const uint32_t service = world.AddService(world.trace->arena->Copy(Concat("service ", i)));
    const uint32_t span =
        world.AddSpan(i + 1, 1, "call", -1'000 - static_cast<int64_t>(i), 0, service);
    world.trace->spans[span].kind = SpanKind::kServer;
  }
  const std::vector<ServiceSkew> skews = EstimateSkew(*world.trace, SpanTree(*world.trace));
  ASSERT_EQ(skews.size(), kMany - 1);
  for (const ServiceSkew& skew : skews) ASSERT_EQ(ShiftOf(skews, skew.service), -skew.ahead_ns);
  EXPECT_EQ(ShiftOf(skews, "svc"), 0);
}

}  // namespace
}  // namespace spanlog::weave
