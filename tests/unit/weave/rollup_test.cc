#include "weave/rollup.h"

#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::weave {
namespace {

struct RollUpTest : public ::testing::Test {
  CallUsage& Call(uint32_t span, CallKind kind, int64_t input, int64_t output) {
    CallUsage& call = world.reading->calls[span];
    call.kind = kind;
    call.input_tokens = input;
    call.output_tokens = output;
    return call;
  }
  RollUp Run() const {
    return RollUpUsage(*world.trace, SpanTree(*world.trace), *world.reading, {});
  }
  World world;
};

TEST_F(RollUpTest, CountsAnAgentsRepeatedTotalsOnce) {
  const uint32_t agent = world.AddSpan(1, 0, "invoke_agent", 0, 100);
  const uint32_t first = world.AddSpan(2, 1, "chat", 0, 10);
  const uint32_t second = world.AddSpan(3, 1, "chat", 20, 30);
  Call(agent, CallKind::kAgent, 440, 149);
  Call(first, CallKind::kModel, 160, 58);
  Call(second, CallKind::kModel, 280, 91);
  const RollUp usage = Run();

  EXPECT_EQ(usage.subtree[agent].input, 440);
  EXPECT_EQ(usage.subtree[agent].output, 149);
  EXPECT_EQ(usage.subtree[agent].llm_calls, 2);
  EXPECT_FALSE(usage.own[agent].has_tokens);
  EXPECT_EQ(SummaryText(usage.subtree[agent]), "2 LLM · 440→149");
}

TEST_F(RollUpTest, CountsAnOuterModelSpanOnce) {
  const uint32_t outer = world.AddSpan(1, 0, "ai.generateText", 0, 100);
  const uint32_t inner = world.AddSpan(2, 1, "ai.generateText.doGenerate", 0, 100);
  Call(outer, CallKind::kModel, 10, 5);
  Call(inner, CallKind::kModel, 10, 5);

  EXPECT_EQ(Run().subtree[outer].llm_calls, 1);
  EXPECT_EQ(Run().subtree[outer].input, 10);
}

TEST_F(RollUpTest, TakesAnAgentsTokensWhenNothingBelowHasThem) {
  const uint32_t agent = world.AddSpan(1, 0, "invoke_agent", 0, 100);
  Call(agent, CallKind::kAgent, 12'431, 1'100);
  EXPECT_EQ(Run().subtree[agent].input, 12'431);
}

TEST_F(RollUpTest, CountsAnErrorWhereItHappenedOnly) {
  const uint32_t root = world.AddSpan(1, 0, "root", 0, 100);
  const uint32_t call = world.AddSpan(2, 1, "chat", 0, 10);
  Call(call, CallKind::kModel, 1, -1).cost_usd = 0.043;
  world.trace->spans[root].status = StatusCode::kError;
  world.trace->spans[call].status = StatusCode::kError;

  EXPECT_EQ(Run().subtree[root].errors, 1);
  EXPECT_EQ(SummaryText(Run().subtree[root]), "1 LLM · 1→0 · $0.043 · 1 error");
}

TEST_F(RollUpTest, CountsAToolSeenFromBothSidesOnce) {
  const uint32_t tool = world.AddSpan(1, 0, "execute_tool get", 0, 100);
  const uint32_t client = world.AddSpan(2, 1, "tools/call get", 0, 100);
  Call(tool, CallKind::kTool, -1, -1).tool_name = "get";
  Call(client, CallKind::kTool, -1, -1).tool_name = "get";

  EXPECT_EQ(Run().subtree[tool].tools, 1);
}

TEST_F(RollUpTest, AddsNoTagsWhereThereIsNothingToSay) {
  Arena arena;
  TagList tags;
  AddUsageTags(CallUsage(), Usage(), Usage(), arena, tags);
  EXPECT_TRUE(tags.Take(arena).empty());
}

}  // namespace
}  // namespace spanlog::weave
