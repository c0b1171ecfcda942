// Langfuse: what its SDK, its OpenAI wrapper and its LangChain handler write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::Lines;
using testing::S;

const std::pair<std::string_view, Value> kGeneration = {"langfuse.observation.type",
                                                        S("generation")};
constexpr std::string_view kInput = "langfuse.observation.input";
constexpr std::string_view kOutput = "langfuse.observation.output";

TEST(LangfuseTest, ReadsARequestWithToolsAndACall) {
  Build build;
  build.AddSpan(
      "OpenAI-generation",
      {kGeneration,
       {kInput,
        S(R"({"tools": [{"type": "function", "function": {"name": "f"}}], "messages": [)"
          R"({"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Rain?"}]})")},
       {kOutput,
        S(R"({"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": )"
          R"({"name": "f", "arguments": "{\"a\": \"\\u4e0a\"}"}}], "content": null})")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< system text: Be brief.", "< user text: Rain?",
                                               R"(> assistant call f c1 {"a": "上"})"));
}

TEST(LangfuseTest, ReadsAResponseAndItsItems) {
  Build build;
  build.AddSpan(
      "OpenAI-generation",
      {kGeneration,
       {kInput,
        S(R"([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Rain?"}, )"
          R"({"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}, )"
          R"({"type": "function_call_output", "call_id": "c1", "output": "no"}])")},
       {kOutput,
        S(R"([{"id": "rs", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Easy."}]}, )"
          R"({"id": "m", "type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "No."}]}])")}});
  build.AddSpan(
      "OpenAI-generation",
      {kGeneration,
       {kInput, S(R"({"instructions": "S", "input": "Q", "text": {"format": {}}})")},
       {kOutput,
        S(R"({"type": "function_call", "call_id": "c2", "name": "g", "arguments": "{}"})")}});
  const Reading reading = build.Read();
  EXPECT_THAT(
      Lines(reading),
      ElementsAre("< system text: Be brief.", "< user text: Rain?", "< assistant call f c1 {}",
                  "< tool result f c1: no", "> assistant reasoning: Easy.", "> assistant text: No.",
                  "< system text: S", "< user text: Q", "> assistant call g c2 {}"));
  EXPECT_EQ(reading.messages[5].choice, -1);
}

TEST(LangfuseTest, NumbersChoices) {
  Build build;
  build.AddSpan(
      "OpenAI-generation",
      {kGeneration,
       {kOutput,
        S(R"([{"role": "assistant", "content": "a"}, {"role": "assistant", "content": "b"}])")}});
  const Reading reading = build.Read();
  ASSERT_THAT(Lines(reading), ElementsAre("> assistant text: a", "> assistant text: b"));
  EXPECT_EQ(reading.messages[1].choice, 1);
}

TEST(LangfuseTest, ReadsLangChainsMessagesAndTools) {
  Build build;
  build.AddSpan(
      "ChatOpenAI",
      {kGeneration,
       {kInput,
        S(R"([{"role": "user", "content": [{"type": "text", "text": "Look"}, )"
          R"({"type": "image_url", "image_url": {"url": "@@@langfuseMedia:type=image/jpeg|id=m-1|source=base64_data_uri@@@"}}]}, )"
          R"({"role": "tool", "content": "no", "tool_call_id": "c0"}])")},
       {kOutput,
        S(R"({"role": "assistant", "content": "", "tool_calls": [{"name": "f", "args": {"a": 1}, "id": "c1", )"
          R"("type": "tool_call"}], "additional_kwargs": {"tool_calls": [{"id": "c1"}]}})")}});
  build.AddSpan(
      "f",
      {{"langfuse.observation.type", S("tool")},
       {kInput, S("{'a': 1}")},
       {kOutput,
        S(R"({"content": "done", "additional_kwargs": {}, "type": "tool", "name": "f", "tool_call_id": "c1"})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: Look", "< user media: [image image/jpeg, m-1]",
                          "< tool result c0: no", R"(> assistant call f c1 {"a": 1})",
                          R"(< tool call f {"a":1})", "> tool result f c1: done"));
}

TEST(LangfuseTest, ShowsPlainValuesAsTheyAre) {
  Build build;
  build.AddSpan("trip", {{"langfuse.observation.type", S("agent")},
                         {kInput, S(R"({"question": "Which?", "user": 7})")},
                         {kOutput, S("Orsay.")}});
  build.AddSpan("kb", {{"langfuse.observation.type", S("retriever")},
                       {kInput, S("free museums")},
                       {kOutput, S(R"([{"id": "d1", "text": "Louvre", "score": 0.8}])")}});
  build.AddSpan("root",
                {{"langfuse.trace.input", S("hello")}, {"langfuse.trace.output", S("bye")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< user text: {"question": "Which?", "user": 7})",
                          "> assistant text: Orsay.", "< user text: free museums",
                          R"(> tool result kb: [{"id": "d1", "text": "Louvre", "score": 0.8}])",
                          "< user text: hello", "> assistant text: bye"));
}

TEST(LangfuseTest, LeavesOutWhatAGraphRepeatsOfItsCalls) {
  Build build;
  build.AddSpan(
      "LangGraph",
      {{"langfuse.observation.type", S("chain")},
       {kInput, S(R"({"messages": [{"content": "Rain?", "type": "human"}]})")},
       {kOutput,
        S(R"({"messages": [{"content": "Rain?", "type": "human"}, {"content": "No.", "type": "ai"}]})")}});
  build.AddSpan("ChatOpenAI",
                {kGeneration,
                 {kInput, S(R"([{"role": "user", "content": "Rain?"}])")},
                 {kOutput, S(R"({"role": "assistant", "content": "No."})")}},
                1);
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: Rain?", "> assistant text: No."));
}

TEST(LangfuseTest, CountsCachedTokensOfEveryHandlerAsInput) {
  Build build;
  constexpr std::string_view kUsage = "langfuse.observation.usage_details";
  build.AddSpan(
      "sdk",
      {kGeneration,
       {kUsage, S(R"({"input": 412, "output": 23, "total": 435, "input_cached_tokens": 128})")},
       {"langfuse.observation.cost_details", S(R"({"total": 0.5})")}});
  build.AddSpan(
      "langchain",
      {kGeneration,
       {kUsage,
        S(R"({"input": 284, "output": 20, "total": 435, "input_cache_read": 128, "output_reasoning": 3})")}});
  build.AddSpan(
      "openai",
      {kGeneration,
       {kUsage,
        S(R"({"prompt_tokens": 412, "completion_tokens": 23, "total_tokens": 435, )"
          R"("prompt_tokens_details": {"cached_tokens": 128}, "completion_tokens_details": {"reasoning_tokens": 3}})")}});
  const Reading reading = build.Read();
  for (const CallUsage& call : reading.calls) {
    EXPECT_EQ(call.input_tokens, 412);
    EXPECT_EQ(call.output_tokens, 23);
    EXPECT_EQ(call.cache_read_tokens, 128);
  }
  EXPECT_EQ(reading.calls[1].reasoning_tokens, 3);
  EXPECT_EQ(reading.calls[2].reasoning_tokens, 3);
  EXPECT_DOUBLE_EQ(reading.calls[0].cost_usd, 0.5);
}

TEST(LangfuseTest, CountsNoTokensThatNoCallCanHave) {
  Build build;
  build.AddSpan(
      "sdk",
      {kGeneration,
       {"langfuse.observation.usage_details",
        S(R"({"input": 1e300, "output": 20, "total": 9.3e18, "input_a": 9e18, "input_b": 9e18})")}});
  const CallUsage call = build.Read().calls[0];
  EXPECT_EQ(call.input_tokens, -1);
  EXPECT_EQ(call.output_tokens, 20);
}

}  // namespace
}  // namespace spanlog::genai
