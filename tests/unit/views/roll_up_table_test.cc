#include "views/roll_up_table.h"

#include <gmock/gmock.h>

#include "view_testing.h"

namespace spanlog::views {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsNan;

TEST(RollUpTableTest, HasOneRowPerModelToolAndAgentTheLongestFirst) {
  weave::Woven woven;
  woven.calls = {
      CallOf(CallKind::kAgent, "travel", 0, 100), CallOf(CallKind::kModel, "small", 0, 10, 0),
      CallOf(CallKind::kTool, "search", 10, 20, 0), CallOf(CallKind::kModel, "large", 20, 60, 0),
      CallOf(CallKind::kModel, "small", 60, 80, 0)};
  const frame::Table table = RollUpTable(woven, "A");
  EXPECT_THAT(Texts(table, "kind"), ElementsAre("model", "model", "tool", "agent"));
  EXPECT_THAT(Texts(table, "name"), ElementsAre("large", "small", "search", "travel"));
  EXPECT_THAT(Counts(table, "calls"), ElementsAre(1, 2, 1, 1));
  EXPECT_THAT(Numbers(table, "total"), ElementsAre(40, 30, 10, 100));
}

TEST(RollUpTableTest, SumsWhatCallsSayAndLeavesTheRestNull) {
  weave::Woven woven;
  woven.calls = {CallOf(CallKind::kModel, "m", 0, 1), CallOf(CallKind::kModel, "m", 1, 2),
                 CallOf(CallKind::kTool, "t", 2, 3)};
  woven.calls[0].input_tokens = 100;
  woven.calls[0].output_tokens = 10;
  woven.calls[0].cost_usd = 0.25;
  woven.calls[1].input_tokens = 50;
  woven.calls[1].failed = true;
  const frame::Table table = RollUpTable(woven, "A");
  EXPECT_THAT(Numbers(table, "inputTokens"), ElementsAre(DoubleEq(150), IsNan()));
  EXPECT_THAT(Numbers(table, "outputTokens"), ElementsAre(DoubleEq(10), IsNan()));
  EXPECT_THAT(Numbers(table, "cost"), ElementsAre(DoubleEq(0.25), IsNan()));
  EXPECT_THAT(Counts(table, "errors"), ElementsAre(1, 0));
}

TEST(RollUpTableTest, QuantilesAreDurationsThatHappened) {
  weave::Woven woven;
  for (int i = 1; i <= 100; ++i) woven.calls.push_back(CallOf(CallKind::kTool, "t", 0, 101 - i));
  const frame::Table table = RollUpTable(woven, "A");
  EXPECT_THAT(Numbers(table, "p50"), ElementsAre(50));
  EXPECT_THAT(Numbers(table, "p95"), ElementsAre(95));
}

TEST(RollUpTableTest, WithoutCallsHasItsColumnsAndNoRow) {
  const frame::Table table = RollUpTable(weave::Woven(), "A");
  EXPECT_THAT(Texts(table, "name"), ElementsAre());
  EXPECT_EQ(table.ref_id, "A");
}

TEST(RollUpTableTest, CallsThatLastForEverOverflowNothing) {
  weave::Woven woven;
  for (int i = 0; i < 3; ++i) {
    woven.calls.push_back(CallOf(CallKind::kTool, "t", 0, 1, 0));
    woven.calls.back().duration_ns = kLatestTimeNs;
  }
  EXPECT_GT(Numbers(RollUpTable(woven, "A"), "total").at(0), 9e12);
}

}  // namespace
}  // namespace spanlog::views
