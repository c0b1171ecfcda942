#include "query/agent_run.h"

#include <gtest/gtest.h>

#include <cmath>

namespace spanlog::query {
namespace {

using Attributes = std::vector<std::pair<std::string, std::string>>;

stores::SummarySpan Call(uint64_t id, uint64_t parent, int64_t from, int64_t to,
                         Attributes attributes) {
  return {id, parent, "span", false, 1000 + from, 1000 + to, std::move(attributes)};
}

stores::TraceSummary RunOf(std::vector<stores::SummarySpan> spans) {
  stores::TraceSummary summary;
  summary.id = *ParseTraceId("abc1");
  summary.spans = std::move(spans);
  return summary;
}

Attributes Chat(const char* model, const char* input, const char* output) {
  return {{"gen_ai.operation.name", "chat"},
          {"gen_ai.request.model", model},
          {"gen_ai.usage.input_tokens", input},
          {"gen_ai.usage.output_tokens", output}};
}

TEST(AgentRunTest, SumsCallsAndNamesModelsAndToolsOnceInTheirOrder) {
  const AgentRun run = ReadAgentRun(
      RunOf({Call(1, 0, 0, 100, {{"gen_ai.operation.name", "invoke_agent"}}),
             Call(4, 1, 50, 60, Chat("small", "5", "1")),
             Call(2, 1, 10, 20, Chat("large", "100", "10")),
             Call(3, 1, 20, 30,
                  {{"gen_ai.operation.name", "execute_tool"}, {"gen_ai.tool.name", "search"}}),
             Call(5, 1, 60, 70, Chat("large", "200", "20"))}),
      {});
  EXPECT_TRUE(run.is_run);
  EXPECT_EQ(run.models, "large, small");
  EXPECT_EQ(run.tools, "search");
  EXPECT_EQ(run.input_tokens, 305);
  EXPECT_EQ(run.output_tokens, 31);
  EXPECT_TRUE(std::isnan(run.cost_usd));
}

TEST(AgentRunTest, AnAgentThatRepeatsItsCallsTokensDoesNotCountWithOrWithoutParentIds) {
  Attributes agent = Chat("m", "300", "30");
  agent[0].second = "invoke_agent";
  for (const uint64_t parent : {1u, 0u}) {
    const AgentRun run = ReadAgentRun(
        RunOf({Call(1, 0, 0, 100, agent), Call(2, parent, 10, 20, Chat("m", "100", "10")),
               Call(3, parent, 30, 40, Chat("m", "200", "20"))}),
        {});
    EXPECT_EQ(run.input_tokens, 300) << "parent id " << parent;
  }
}

TEST(AgentRunTest, CostComesFromThePriceTable) {
  const AgentRun run = ReadAgentRun(RunOf({Call(1, 0, 0, 10, Chat("gpt-4o", "1000000", "0"))}),
                                    {{"gpt-*", 2.5, 10, -1, -1}});
  EXPECT_DOUBLE_EQ(run.cost_usd, 2.5);
}

TEST(AgentRunTest, TheFirstMessageIsTheUsersFirstInTheEarliestCall) {
  Attributes later = Chat("m", "1", "1"), first = Chat("m", "1", "1");
  first.emplace_back("gen_ai.input.messages",
                     R"([{"role":"system","parts":[{"type":"text","content":"be nice"}]},)"
                     R"({"role":"user","parts":[{"type":"text","content":"Hello?"}]}])");
  later.emplace_back("gen_ai.input.messages",
                     R"([{"role":"user","parts":[{"type":"text","content":"And then?"}]}])");
  EXPECT_EQ(
      ReadAgentRun(RunOf({Call(2, 0, 50, 60, later), Call(1, 0, 0, 10, first)}), {}).first_message,
      "Hello?");
}

TEST(AgentRunTest, AnOrdinaryTraceIsNoRun) {
  const AgentRun run = ReadAgentRun(RunOf({}), {});
  EXPECT_FALSE(run.is_run);
  EXPECT_TRUE(std::isnan(run.input_tokens));
}

TEST(AgentRunTest, OpenInferenceCountsToo) {
  const AgentRun run = ReadAgentRun(RunOf({Call(1, 0, 0, 10,
                                                {{"openinference.span.kind", "LLM"},
                                                 {"llm.model_name", "claude"},
                                                 {"llm.token_count.prompt", "7"},
                                                 {"llm.token_count.completion", "3"}})}),
                                    {});
  EXPECT_EQ(run.models, "claude");
  EXPECT_EQ(run.input_tokens, 7);
}

// Took minutes when each call was compared with all others.
TEST(AgentRunTest, ManyCallsWithoutParentsAreCounted) {
  constexpr uint64_t kMany = 10'000;
  std::vector<stores::SummarySpan> spans;
  for (uint64_t i = 1; i <= kMany; ++i) {
    const int64_t at = static_cast<int64_t>(i);
    spans.push_back(Call(i, 0, at, 2 * at, Chat(std::to_string(i).c_str(), "1", "1")));
  }
  const AgentRun run = ReadAgentRun(RunOf(std::move(spans)), {});
  EXPECT_EQ(run.input_tokens, kMany);
  EXPECT_TRUE(run.models.ends_with(", 9999, 10000"));
}

}  // namespace
}  // namespace spanlog::query
