// One message per event: OpenTelemetry 1.26 to 1.36 and those who write such events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::Lines;
using testing::S;

TEST(OtelEventsTest, ReadsEveryBodyOfTheConvention) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(1, "gen_ai.system.message", R"({"content":"Be brief."})");
  build.AddRecord(1, "gen_ai.developer.message", R"({"content":"No prices."})");
  build.AddRecord(1, "gen_ai.user.message",
                  R"({"content":[{"type":"text","text":"What is it?"},)"
                  R"({"type":"image_url","image_url":{"url":"https://x/p.png"}}]})");
  build.AddRecord(1, "gen_ai.assistant.message",
                  R"({"content":"Let me look.","tool_calls":[{"id":"c1","type":"function",)"
                  R"("function":{"name":"f","arguments":"{\"a\": 1}"}}]})");
  build.AddRecord(1, "gen_ai.tool.message", R"({"content":"rainy, 57°F","id":"c1"})");
  build.AddRecord(1, "gen_ai.function.message", R"({"content":"old style","name":"g"})");
  build.AddRecord(1, "gen_ai.choice",
                  R"({"index":1,"finish_reason":"stop","message":{"content":"Rain."}})");
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< system text: Be brief.", "< system text: No prices.",
                          "< user text: What is it?", "< user media: [image https://x/p.png]",
                          "< assistant text: Let me look.", R"(< assistant call f c1 {"a": 1})",
                          "< tool result f c1: rainy, 57°F", "< tool result g: old style",
                          "> assistant text: Rain."));
  const Message& choice = reading.messages.back();
  EXPECT_EQ(choice.choice, 1);
  EXPECT_EQ(choice.finish_reason, "stop");
  EXPECT_EQ(choice.record, 6u);
  EXPECT_EQ(choice.time_ns, build.logs.records[6].time_ns);  // a record per message: its own time
}

TEST(OtelEventsTest, ReadsToolCallsBesideAndInsideTheMessage) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(1, "gen_ai.choice",
                  R"({"index":0,"finish_reason":"tool_calls","message":{"role":"model"},)"
                  R"("tool_calls":[{"id":"c1","function":{"name":"f","arguments":{"a":1}}}]})");
  build.AddRecord(1, "gen_ai.choice",
                  R"({"index":0,"finish_reason":"tool_calls","message":{"tool_calls":)"
                  R"([{"id":"c2","function":{"name":"g","arguments":"{}"}}]}})");
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(> assistant call f c1 {"a":1})", "> assistant call g c2 {}"));
}

TEST(OtelEventsTest, ReadsBedrockAndGeminiInsideTheEvents) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(1, "gen_ai.user.message", R"({"content":[{"text":"hi"}]})");
  build.AddRecord(1, "gen_ai.tool.message", R"({"id":"t1","content":[{"json":{"c":21}}]})");
  build.AddRecord(1, "gen_ai.user.message",
                  R"({"content":{"role":"user","parts":[{"text":"look","thought":null},)"
                  R"({"inline_data":{"mime_type":"image/png","data":"AAAA"},"text":null}]}})");
  build.AddRecord(
      1, "gen_ai.choice",
      R"({"index":0,"finish_reason":"FinishReason.STOP","content":{"role":"model","parts":[)"
      R"({"text":"hm","thought":true},{"function_call":{"name":"f","args":{"a":1}}}]}})");
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user text: hi", R"(< tool result t1: {"c":21})", "< user text: look",
                          "< user media: [image image/png, 3 B]", "> assistant reasoning: hm",
                          R"(> assistant call f {"a":1})"));
  EXPECT_EQ(reading.messages.back().finish_reason, "STOP");
}

TEST(OtelEventsTest, SaysThatContentIsOffButKeepsRolesAndNames) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(1, "gen_ai.system.message", "");
  build.AddRecord(1, "gen_ai.user.message", "{}");
  build.AddRecord(1, "gen_ai.user.message", R"({"content":"<elided>"})");
  build.AddRecord(1, "gen_ai.assistant.message",
                  R"({"tool_calls":[{"id":"c1","type":"function","function":{"name":"f"}}]})");
  build.AddRecord(1, "gen_ai.tool.message", R"({"id":"c1"})");
  build.AddRecord(1, "gen_ai.choice", R"({"index":0,"finish_reason":"stop","message":{}})");
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< system text off", "< user text off", "< user text off",
                                          "< assistant call off f c1", "< tool result off f c1",
                                          "> assistant text off"));
  for (const Message& message : reading.messages) EXPECT_FALSE(message.hint.empty());
  EXPECT_EQ(reading.messages.back().finish_reason, "stop");
  for (const RecordView& view : reading.records) EXPECT_TRUE(view.is_message);
}

TEST(OtelEventsTest, TakesTheCollectorsWrapperOff) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(1, "gen_ai.user.message",
                  R"({"body":{"content":"hi"},"traceid":"1","attributes":{"event.name":"x"}})");
  build.AddRecord(1, "gen_ai.user.message",
                  R"({"body":"{\"content\":\"ho\"}","traceid":"1","resources":{}})");
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: hi", "< user text: ho"));
}

TEST(OtelEventsTest, ReadsTheNameFromTheAttributeAndPlainBodies) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(1, "", "just words", {{"event_name", S("gen_ai.user.message")}});
  build.AddRecord(1, "", "no event", {{"gen_ai_system", S("openai")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< user text: just words"));
  EXPECT_FALSE(reading.records[1].is_message);
}

TEST(OtelEventsTest, ReadsPromptAndCompletionEventsOfSpans) {
  Build build;
  build.AddSpan("chat", {});
  build.AddEvent(0, "gen_ai.content.prompt",
                 {{"gen_ai.prompt", S("[{'role':'user','content':'What\\'s the weather?'}]")}});
  build.AddEvent(
      0, "gen_ai.content.completion",
      {{"gen_ai.completion", S(R"([{"role":"assistant","content":null,"tool_calls":)"
                               R"([{"id":"c","function":{"name":"f","arguments":"{}"}}]}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: What's the weather?", "> assistant call f c {}"));
}

TEST(OtelEventsTest, ReadsAzuresEventContent) {
  Build build;
  build.AddSpan("chat", {});
  build.AddEvent(0, "gen_ai.user.message",
                 {{"gen_ai.event.content", S(R"({"role":"user","content":"hi"})")}});
  build.AddEvent(
      0, "gen_ai.assistant.message",
      {{"gen_ai.event.content",
        S(R"({"role":"assistant","content":{"text":{"value":"ho","annotations":[]}}})")}});
  build.AddEvent(0, "gen_ai.tool.message",
                 {{"gen_ai.event.content", S(R"({"content":"14:05","id":"c1"})")}});
  build.AddEvent(
      0, "gen_ai.choice",
      {{"gen_ai.event.content",
        S(R"({"index":0,"finish_reason":"tool_calls","message":{"tool_calls":[{"id":"c2","type":"function"}]}})")}});
  build.AddEvent(0, "gen_ai.system.message", {{"gen_ai.event.content", S("{}")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: hi", "< assistant text: ho", "< tool result c1: 14:05",
                          "< system text off", "> assistant call off c2"));
}

TEST(OtelEventsTest, ReadsStrandsBlocks) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}});
  build.AddEvent(0, "gen_ai.user.message", {{"content", S(R"([{"text":"one"},{"text":"two"}])")}});
  build.AddEvent(0, "gen_ai.assistant.message",
                 {{"content", S(R"([{"reasoningContent":{"reasoningText":{"text":"hm"}}},)"
                                R"({"toolUse":{"toolUseId":"t","name":"f","input":{"a":1}}}])")}});
  build.AddEvent(
      0, "gen_ai.tool.message",
      {{"content",
        S(R"([{"toolResult":{"toolUseId":"t","content":[{"text":"x"},{"text":"y"}]}}])")}});
  build.AddEvent(0, "gen_ai.choice",
                 {{"message", S("plain words\n")}, {"finish_reason", S("end_turn")}});
  build.AddSpan("execute_tool f",
                {{"gen_ai.operation.name", S("execute_tool")}, {"gen_ai.tool.name", S("f")}});
  build.AddEvent(1, "gen_ai.tool.message",
                 {{"role", S("tool")}, {"content", S(R"({"a":1})")}, {"id", S("t")}});
  build.AddEvent(1, "gen_ai.choice", {{"message", S(R"([{"text":"x"}])")}, {"id", S("t")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user text: one", "< user text: two", "< assistant reasoning: hm",
                          R"(< assistant call f t {"a":1})", "< tool result f t: x\ny",
                          "> assistant text: plain words\n", R"(< tool call f t {"a":1})",
                          "> tool result f t: x"));
  EXPECT_EQ(reading.messages[5].finish_reason, "end_turn");
}

}  // namespace
}  // namespace spanlog::genai
