// Strands: everything in span events, as Bedrock has it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::I;
using testing::Lines;
using testing::S;

TEST(StrandsTest, ReadsEveryBlockOfACall) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")},
                         {"gen_ai.server.time_to_first_token", I(804)}});
  build.AddEvent(0, "gen_ai.system.message", {{"content", S(R"([{"text": "Be brief."}])")}});
  build.AddEvent(
      0, "gen_ai.user.message",
      {{"content",
        S(R"([{"text": "What is this?"}, {"image": {"format": "png", "source": {"bytes": "iVBORw0KGgo="}}}])")}});
  build.AddEvent(
      0, "gen_ai.assistant.message",
      {{"content",
        S(R"([{"text": "I look."}, {"toolUse": {"toolUseId": "t1", "name": "f", "input": {"a": 1}}}, )"
          R"({"toolUse": {"toolUseId": "t2", "name": "g", "input": {}}}])")}});
  build.AddEvent(
      0, "gen_ai.tool.message",
      {{"content",
        S(R"([{"toolResult": {"toolUseId": "t1", "status": "success", "content": [{"text": "one"}, {"text": "two"}]}}, )"
          R"({"toolResult": {"toolUseId": "t2", "status": "error", "content": [{"json": {"code": 7}}]}}])")}});
  build.AddEvent(
      0, "gen_ai.choice",
      {{"finish_reason", S("end_turn")},
       {"message",
        S(R"([{"reasoningContent": {"reasoningText": {"text": "hm", "signature": "x"}}}, {"text": "A cat."}])")}});
  const Reading reading = build.Read();
  EXPECT_THAT(
      Lines(reading),
      ElementsAre("< system text: Be brief.", "< user text: What is this?",
                  "< user media: [image image/png, 8 B]", "< assistant text: I look.",
                  R"(< assistant call f t1 {"a": 1})", "< assistant call g t2 {}",
                  "< tool result f t1: one\ntwo", R"(< tool result failed g t2: {"code": 7})",
                  "> assistant reasoning: hm", "> assistant text: A cat."));
  EXPECT_EQ(reading.messages.back().finish_reason, "end_turn");
  EXPECT_DOUBLE_EQ(reading.calls[0].ttft_ms, 804);
  EXPECT_EQ(reading.messages[0].sources, kFromSpanEvent);
}

TEST(StrandsTest, TurnsTheEventsOfAToolsSpanRound) {
  Build build;
  build.AddSpan("execute_tool f", {{"gen_ai.operation.name", S("execute_tool")},
                                   {"gen_ai.tool.name", S("f")},
                                   {"gen_ai.tool.call.id", S("t1")}});
  build.AddEvent(0, "gen_ai.tool.message",
                 {{"role", S("tool")}, {"content", S(R"({"a": 1})")}, {"id", S("t1")}});
  build.AddEvent(0, "gen_ai.choice", {{"message", S(R"([{"text": "one"}])")}, {"id", S("t1")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool call f t1 {"a": 1})", "> tool result f t1: one"));
}

TEST(StrandsTest, ShowsOnceWhatAgentAndCycleRepeat) {
  Build build;
  build.AddSpan("invoke_agent w", {{"gen_ai.operation.name", S("invoke_agent")}});
  build.AddSpan("execute_event_loop_cycle", {}, 1);
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}}, 2);
  for (uint32_t span = 0; span < 3; ++span) {
    build.AddEvent(span, "gen_ai.user.message", {{"content", S(R"([{"text": "hi"}])")}});
  }
  build.AddEvent(0, "gen_ai.choice", {{"message", S("bye\n")}, {"finish_reason", S("end_turn")}});
  build.AddEvent(2, "gen_ai.choice", {{"message", S(R"([{"text": "bye"}])")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: hi", "> assistant text: bye"));
}

TEST(StrandsTest, ReadsTheLatestConventionInSpanEvents) {
  constexpr std::string_view kDetails = "gen_ai.client.inference.operation.details";
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}});
  build.AddEvent(
      0, kDetails,
      {{"gen_ai.input.messages",
        S(R"([{"role":"user","parts":[{"type":"text","content":"hi"}]},)"
          R"({"role":"tool","parts":[{"type":"tool_call_response","id":"t1","response":[{"text":"one"}]}]}])")}});
  build.AddEvent(
      0, kDetails,
      {{"gen_ai.output.messages",
        S(R"([{"role":"assistant","parts":[{"type":"text","content":"bye"}],"finish_reason":"end_turn"}])")}});
  build.AddSpan("execute_tool f",
                {{"gen_ai.operation.name", S("execute_tool")}, {"gen_ai.tool.name", S("f")}});
  build.AddEvent(
      1, kDetails,
      {{"gen_ai.input.messages",
        S(R"([{"role":"tool","parts":[{"type":"tool_call","name":"f","id":"t1","arguments":{"a":1}}]}])")}});
  build.AddEvent(
      1, kDetails,
      {{"gen_ai.output.messages",
        S(R"([{"role":"tool","parts":[{"type":"tool_call_response","id":"t1","response":[{"text":"one"}]}]}])")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user text: hi", "< tool result f t1: one", "> assistant text: bye",
                          R"(< tool call f t1 {"a":1})", "> tool result f t1: one"));
  // The blocks may be what the tool answered: they are kept beside their text.
  EXPECT_EQ(reading.messages[1].tool.result, R"([{"text":"one"}])");
}

}  // namespace
}  // namespace spanlog::genai
