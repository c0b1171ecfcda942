#include "weave/place.h"

#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::weave {
namespace {

struct PlaceTest : public ::testing::Test {
  PlaceTest() {
    world.AddService("svc");
    const uint32_t other = world.AddService("other");
    root = world.AddSpan(1, 0, "root", 0, 100);
    inner = world.AddSpan(2, 1, "inner", 10, 50);
    helper = world.AddSpan(3, 2, "helper", 20, 30);
    world.AddSpan(4, 1, "elsewhere", 20, 40, other);
  }
  Place Find(const LogRecord& record, const RecordView& view = {}) const {
    const SpanTree tree(*world.trace);
    return Placer(*world.trace, tree).Find(record, view);
  }

  World world;
  uint32_t root, inner, helper;
};

TEST_F(PlaceTest, TakesTheSpanThatTheRecordNames) {
  const Place place = Find(world.AddRecord(2, 90, "line"));
  EXPECT_EQ(place.span, inner);
  EXPECT_EQ(place.match, "span_id");
}

TEST_F(PlaceTest, TakesAJoinKeyWhenTheSpanIsUnknown) {
  RecordView view;
  view.span = inner;
  view.match = "response_id";
  const Place place = Find(world.AddRecord(77, 90, "line"), view);
  EXPECT_EQ(place.span, inner);
  EXPECT_EQ(place.match, "response_id");
}

TEST_F(PlaceTest, LiftsARecordOfAHelperSpanToTheSpanItsJoinKeyNames) {
  RecordView view;
  view.span = inner;
  view.match = "tool_call_id";
  EXPECT_EQ(Find(world.AddRecord(3, 25, "result"), view).span, inner);

  view.span = helper;
  EXPECT_EQ(Find(world.AddRecord(2, 25, "result"), view).span, inner);
}

TEST_F(PlaceTest, TakesTheInnermostSpanOfTheSameServiceAtTheRecordsTime) {
  const Place place = Find(world.AddRecord(0, 35, "line"));
  EXPECT_EQ(place.span, inner);
  EXPECT_EQ(place.match, "time");
}

TEST_F(PlaceTest, AllowsTheMicrosecondThatJaegerCutsOff) {
  LogRecord& record = world.AddRecord(0, 0, "line");
  record.time_ns = kStart - 900;
  EXPECT_EQ(Find(record).match, "time");
}

TEST_F(PlaceTest, FallsBackToTheRoot) {
  LogRecord& late = world.AddRecord(0, 500, "line");
  EXPECT_EQ(Find(late).span, root);
  EXPECT_EQ(Find(late).match, "root");

  LogRecord& unknown_service = world.AddRecord(0, 35, "line");
  unknown_service.service = "nobody";
  EXPECT_EQ(Find(unknown_service).match, "root");
}

// Both took minutes when each record walked over all spans.
TEST_F(PlaceTest, ARecordOfAnotherServiceIsNotLookedForAmongAllChildren) {
  constexpr uint64_t kMany = 20'000;
  for (uint64_t i = 0; i < kMany; ++i) world.AddSpan(100 + i, 2, "child", 0, 1);
  world.AddService("stock");
  const uint32_t half = world.AddSpan(50, 2, "server", 10, 20, 2);
  world.trace->spans[half].emitted_span_id = 2;
  world.trace->spans[world.AddSpan(51, 2, "again", 10, 20, 2)].emitted_span_id = 2;
  const SpanTree tree(*world.trace);
  const Placer placer(*world.trace, tree);
  LogRecord record = world.AddRecord(2, 15, "line");
  record.service = "nobody";
  for (uint64_t i = 0; i < kMany; ++i) ASSERT_EQ(placer.Find(record, {}).span, inner);
  record.service = "stock";
  EXPECT_EQ(placer.Find(record, {}).span, half) << "the first of two";
}

TEST_F(PlaceTest, ARecordAtTheEndOfALongChainIsLiftedToItsBegin) {
  constexpr uint64_t kMany = 50'000;
  for (uint64_t i = 0; i < kMany; ++i) world.AddSpan(100 + i, i == 0 ? 3 : 99 + i, "below", 0, 1);
  const SpanTree tree(*world.trace);
  const Placer placer(*world.trace, tree);
  const LogRecord record = world.AddRecord(99 + kMany, 15, "line");
  RecordView view;
  view.span = inner;
  view.match = "tool_call_id";
  for (uint64_t i = 0; i < kMany; ++i) ASSERT_EQ(placer.Find(record, view).span, inner);
  view.span = inner + 2;  // beside it
  EXPECT_EQ(placer.Find(record, view).match, "span_id");
}

}  // namespace
}  // namespace spanlog::weave
