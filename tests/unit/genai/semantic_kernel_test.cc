// Semantic Kernel for Python and .NET, and Azure AI's clients, which share its span events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Lines;
using testing::S;

constexpr std::string_view kContent = "gen_ai.event.content";

TEST(SemanticKernelTest, KnowsTheLoopAroundTheCalls) {
  Build build;
  build.AddSpan("AutoFunctionInvocationLoop", {{"sk.available_functions", S("w-f")}});
  build.AddSpan("chat m", {{"gen_ai.operation.name", S("chat")}}, 1);
  build.AddRecord(2, "gen_ai.user.message", R"({"role": "user", "content": "Rain?"})");
  const Reading reading = build.Read();
  EXPECT_EQ(reading.calls[0].kind, CallKind::kAgent);
  EXPECT_THAT(Lines(reading), ElementsAre("< user text: Rain?"));
}

TEST(SemanticKernelTest, ReadsTheLinesOfPython) {
  Build build;
  build.AddSpan("chat.completions m", {{"gen_ai.operation.name", S("chat.completions")}});
  build.AddRecord(1, "gen_ai.user.message",
                  R"({"role": "user", "content": [{"type": "text", "text": "What is this?"}, )"
                  R"({"type": "image_url", "image_url": {"url": "https://a/b.png"}}]})");
  build.AddRecord(
      1, "gen_ai.assistant.message",
      R"({"role": "assistant", "content": "I look.", "tool_calls": [{"id": "c1", "type": "function", )"
      R"("function": {"name": "w-f", "arguments": "{\"city\": \"D\u00fcren\"}"}}]})");
  build.AddRecord(1, "gen_ai.tool.message",
                  R"({"role": "tool", "content": "9\u00b0C", "tool_call_id": "c1"})");
  build.AddRecord(
      1, "gen_ai.choice",
      R"({"message": {"role": "assistant", "content": "Rain."}, "finish_reason": "FinishReason.STOP", "index": 0})");
  const Reading reading = build.Read();
  EXPECT_THAT(
      Lines(reading),
      ElementsAre("< user text: What is this?", "< user media: [image https://a/b.png]",
                  "< assistant text: I look.", "< assistant call w-f c1 {\"city\": \"Düren\"}",
                  "< tool result w-f c1: 9°C", "> assistant text: Rain."));
  EXPECT_EQ(reading.messages.back().finish_reason, "STOP");
}

TEST(SemanticKernelTest, ReadsTheSpanEventsOfDotNet) {
  Build build;
  build.trace.scopes[0].name = "Microsoft.SemanticKernel.Diagnostics";
  build.AddSpan("chat.completions m", {{"gen_ai.operation.name", S("chat.completions")}});
  build.AddEvent(0, "gen_ai.system.message", {{kContent, S(R"({"role":"system","content":"S"})")}});
  build.AddEvent(
      0, "gen_ai.assistant.message",
      {{kContent,
        S(R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1","function":)"
          R"({"arguments":"{\u0022city\u0022:\u0022Ulm\u0022}","name":"w-f"},"type":"function"}]})")}});
  build.AddEvent(0, "gen_ai.tool.message",
                 {{kContent, S(R"({"role":"tool","content":"\u00B0C","id":"c1"})")}});
  build.AddEvent(
      0, "gen_ai.choice",
      {{kContent,
        S(R"({"index":0,"message":{"role":"Assistant","content":"Rain."},"finish_reason":"Stop"})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< system text: S", R"(< assistant call w-f c1 {"city":"Ulm"})",
                          "< tool result w-f c1: °C", "> assistant text: Rain."));
}

TEST(SemanticKernelTest, ReadsTheRecordsOfAgentFrameworkBesideItsSpan) {
  constexpr std::string_view kInput =
      R"([{"role":"user","parts":[{"type":"text","content":"What's up?"}]}])";
  Build build;
  build.trace.scopes[0].name = "agent_framework";
  build.AddSpan("chat m",
                {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(kInput)}});
  build.AddRecord(1, "gen_ai.user.message",
                  R"({'role': 'user', 'parts': [{'type': 'text', 'content': "What's up?"}]})");
  build.AddRecord(
      1, "gen_ai.choice",
      R"({'role': 'assistant', 'parts': [{'type': 'tool_call', 'id': 'c1', 'name': 'f', )"
      R"('arguments': {'a': True, 'b': None}}], 'finish_reason': 'tool_calls'})");
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< user text: What's up?",
                                          R"(> assistant call f c1 {"a":true,"b":null})"));
  EXPECT_EQ(reading.messages[0].sources, kFromLog | kFromSpanAttribute);
  EXPECT_EQ(reading.messages[1].finish_reason, "tool_calls");
}

TEST(AzureTest, ReadsThreadsAndHostedTools) {
  Build build;
  build.AddSpan("process_thread_run", {{"gen_ai.system", S("az.ai.agents")}});
  build.AddEvent(0, "gen_ai.user.message",
                 {{kContent, S(R"({"content": {"text": {"value": "Sum?"}}, "role": "user"})")}});
  build.AddEvent(
      0, "gen_ai.assistant.message",
      {{kContent,
        S(R"({"tool_calls": [{"id": "c1", "type": "code_interpreter", "code_interpreter": {"input": "1+1"}}, )"
          R"({"id": "c2", "type": "function", "function": {"name": "f", "arguments": {"a": 1}}}]})")}});
  build.AddEvent(0, "gen_ai.tool.message", {{kContent, S(R"({"content": "2", "id": "c2"})")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre("< user text: Sum?", R"(< assistant call code_interpreter c1 {"input": "1+1"})",
                  R"(< assistant call f c2 {"a": 1})", "< tool result f c2: 2"));
}

TEST(AzureTest, ReadsSeveralChoices) {
  Build build;
  build.AddSpan("chat phi", {{"gen_ai.operation.name", S("chat")}});
  build.AddEvent(
      0, "gen_ai.choice",
      {{kContent, S(R"({"message": {"content": "one"}, "finish_reason": "stop", "index": 0})")}});
  build.AddEvent(
      0, "gen_ai.choice",
      {{kContent, S(R"({"message": {"content": "one"}, "finish_reason": "length", "index": 1})")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("> assistant text: one", "> assistant text: one"));
  EXPECT_EQ(reading.messages[1].choice, 1);
  EXPECT_EQ(reading.messages[1].finish_reason, "length");
}

TEST(AzureTest, NamesItsOwnSwitchWhenContentIsOff) {
  Build build;
  build.trace.scopes[0].name = "Azure.AI.Inference.ChatCompletionsClient";
  build.AddSpan("chat phi", {{"gen_ai.operation.name", S("chat")}});
  build.AddEvent(0, "gen_ai.choice", {{kContent, S(R"({"finish_reason": "stop", "index": 0})")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("> assistant text off"));
  EXPECT_THAT(reading.findings,
              ElementsAre(HasSubstr("AZURE_TRACING_GEN_AI_CONTENT_RECORDING_ENABLED")));
}

}  // namespace
}  // namespace spanlog::genai
