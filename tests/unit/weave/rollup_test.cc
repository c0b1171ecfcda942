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

TEST_F(RollUpTest, TakesAnAgentsTokensWhenItsCallsNameNone) {
  const uint32_t agent = world.AddSpan(1, 0, "invoke_agent", 0, 100);
  const uint32_t chat = world.AddSpan(2, 1, "chat", 0, 10);
  Call(agent, CallKind::kAgent, 90, 9);
  Call(chat, CallKind::kModel, -1, -1);
  EXPECT_EQ(Run().subtree[agent].input, 90);
  EXPECT_EQ(Run().subtree[agent].llm_calls, 1);
}

TEST_F(RollUpTest, KeepsTheUsageOfACallWhoseToolAsksAModel) {
  const uint32_t outer = world.AddSpan(1, 0, "generate_content", 0, 100);
  world.AddSpan(2, 1, "execute_tool research", 10, 50);
  const uint32_t inner = world.AddSpan(3, 2, "chat", 20, 30);
  Call(outer, CallKind::kModel, 100, 10);
  Call(1, CallKind::kTool, -1, -1);
  Call(inner, CallKind::kModel, 7, 1);
  EXPECT_EQ(Run().own[outer].input, 100);
  EXPECT_EQ(Run().subtree[outer].input, 107);
  EXPECT_EQ(Run().subtree[outer].llm_calls, 2);
}

TEST_F(RollUpTest, CountsNestedAgentsThatAllRepeatTheTotalsOnce) {
  world.AddSpan(1, 0, "invoke_workflow", 0, 100);
  world.AddSpan(2, 1, "invoke_agent supervisor", 0, 100);
  world.AddSpan(3, 2, "execute_tool ask", 10, 60);
  world.AddSpan(4, 3, "invoke_agent writer", 10, 60);
  world.AddSpan(5, 4, "chat", 10, 20);
  world.AddSpan(6, 2, "chat", 70, 80);
  for (const uint32_t agent : {0u, 1u}) Call(agent, CallKind::kAgent, 30, 3).cost_usd = 0.3;
  Call(2, CallKind::kTool, -1, -1);
  Call(3, CallKind::kAgent, 10, 1).cost_usd = 0.1;
  Call(4, CallKind::kModel, 10, 1).cost_usd = 0.1;
  Call(5, CallKind::kModel, 20, 2).cost_usd = 0.2;
  const RollUp usage = Run();
  EXPECT_EQ(SummaryText(usage.subtree[0]), "2 LLM · 30→3 · $0.300");
  EXPECT_EQ(usage.subtree[3].input, 10);
  EXPECT_EQ(usage.subtree[0].tools, 1);
}

TEST_F(RollUpTest, CountsACallThatOnlyARecordTellsOf) {
  const uint32_t turn = world.AddSpan(1, 0, "run_turn", 0, 100);
  const uint32_t inner = world.AddSpan(2, 1, "handle_responses", 0, 100);
  Call(turn, CallKind::kAgent, -1, -1);
  RecordCall call{0, inner, {}};
  call.usage.kind = CallKind::kModel;
  call.usage.input_tokens = 3120;
  call.usage.output_tokens = 64;
  world.reading->record_calls = {call, call};
  EXPECT_EQ(SummaryText(Run().subtree[turn]), "2 LLM · 6.2k→128");
}

TEST_F(RollUpTest, DoesNotCountARecordsCallAgainThatHasASpan) {
  const uint32_t turn = world.AddSpan(1, 0, "interaction", 0, 100);
  const uint32_t request = world.AddSpan(2, 1, "llm_request", 0, 100);
  Call(turn, CallKind::kAgent, -1, -1);
  Call(request, CallKind::kModel, 10, 1);
  for (const uint32_t span : {turn, request}) {
    RecordCall call{0, span, {}};
    call.usage.input_tokens = 5;
    call.usage.output_tokens = 2;
    world.reading->record_calls.push_back(call);
  }
  const RollUp usage = Run();
  EXPECT_EQ(usage.own[request].input, 10);
  EXPECT_EQ(SummaryText(usage.subtree[turn]), "1 LLM · 10→1");
}

TEST_F(RollUpTest, CountsAToolSeenFromThreeSidesOnce) {
  world.AddSpan(1, 0, "execute_tool get", 0, 100);
  world.AddSpan(2, 1, "POST /mcp", 0, 100);
  world.AddSpan(3, 2, "tools/call get", 0, 100);
  Call(0, CallKind::kTool, -1, -1).tool_name = "get";
  Call(2, CallKind::kTool, -1, -1).tool_name = "get";
  EXPECT_EQ(Run().subtree[0].tools, 1);
}

TEST_F(RollUpTest, MeasuresTheFirstTokenFromEachSpansStart) {
  const uint32_t root = world.AddSpan(1, 0, "POST /ask", 0, 100);
  const uint32_t first = world.AddSpan(2, 1, "chat", 20, 50);
  const uint32_t second = world.AddSpan(3, 1, "chat", 60, 90);
  Call(first, CallKind::kModel, 1, 1).ttft_ms = 15;
  Call(second, CallKind::kModel, 1, 1).ttft_ms = 5;
  const RollUp usage = Run();
  EXPECT_DOUBLE_EQ(usage.subtree[first].ttft_ms, 15);
  EXPECT_DOUBLE_EQ(usage.subtree[second].ttft_ms, 5);
  EXPECT_DOUBLE_EQ(usage.subtree[root].ttft_ms, 35);
}

TEST_F(RollUpTest, AFirstTokenAfterTheEndOfTimeOverflowsNothing) {
  const uint32_t root = world.AddSpan(1, 0, "POST /ask", 0, 100);
  const uint32_t call = world.AddSpan(2, 1, "chat", 20, 50);
  Call(call, CallKind::kModel, 1, 1).ttft_ms = 1e300;
  EXPECT_GT(Run().subtree[root].ttft_ms, 1e11);
}

TEST_F(RollUpTest, WritesTheSummaryAsAPersonReadsIt) {
  Usage usage;
  EXPECT_EQ(SummaryText(usage), "");
  usage.llm_calls = 3;
  EXPECT_EQ(SummaryText(usage), "3 LLM");
  usage.input = 12'431;
  usage.output = 1'100;
  usage.has_tokens = true;
  usage.cost_usd = 0.043;
  usage.has_cost = true;
  usage.errors = 2;
  EXPECT_EQ(SummaryText(usage), "3 LLM · 12.4k→1.1k · $0.043 · 2 errors");
}

TEST_F(RollUpTest, AddsNoTagsWhereThereIsNothingToSay) {
  Arena arena;
  TagList tags;
  AddUsageTags(Usage(), Usage(), arena, tags);
  EXPECT_TRUE(tags.Take(arena).empty());
}

}  // namespace
}  // namespace spanlog::weave
