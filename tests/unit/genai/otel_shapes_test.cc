// What OpenTelemetry's instrumentations of other providers put into the conventions' events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::Lines;
using testing::S;

TEST(OtelShapesTest, ReadsVertexAisParts) {
  Build build;
  build.AddSpan("chat gemini", {});
  build.AddRecord(1, "gen_ai.user.message",
                  R"({"role":"user","content":[{"text":"Rain in Goa?"}]})");
  build.AddRecord(
      1, "gen_ai.assistant.message",
      R"({"role":"model","content":[{"function_call":{"name":"f","args":{"c":"Goa"}}}]})");
  build.AddRecord(1, "gen_ai.tool.message",
                  R"({"role":"user","id":"f_0","content":{"id":3,"result":"rain","name":"own"}})");
  build.AddRecord(
      1, "gen_ai.choice",
      R"({"finish_reason":"stop","index":0,"message":{"role":"model","content":[{"text":"Yes."}]}})");
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: Rain in Goa?", R"(< assistant call f {"c":"Goa"})",
                          R"(< tool result f_0: {"id":3,"result":"rain","name":"own"})",
                          "> assistant text: Yes."));
}

TEST(OtelShapesTest, ReadsBedrocksCallOnceThoughItIsInTheContentToo) {
  Build build;
  build.AddSpan("chat claude", {});
  build.AddRecord(
      1, "gen_ai.choice",
      R"({"index":0,"finish_reason":"tool_use","message":{"role":"assistant","content":[{"text":"One moment."},)"
      R"({"toolUse":{"toolUseId":"t1","name":"f","input":{"a":1}}}],"tool_calls":[{"id":"t1","type":"function",)"
      R"("function":{"name":"f","arguments":{"a":1}}}]}})");
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("> assistant text: One moment.", R"(> assistant call f t1 {"a":1})"));
}

TEST(OtelShapesTest, KeepsChoicesApartThatSayTheSame) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(1, "gen_ai.choice",
                  R"({"index":0,"finish_reason":"stop","message":{"content":"same"}})");
  build.AddRecord(1, "gen_ai.choice",
                  R"({"index":1,"finish_reason":"length","message":{"content":"same"}})");
  const Reading reading = build.Read();
  ASSERT_THAT(Lines(reading), ElementsAre("> assistant text: same", "> assistant text: same"));
  EXPECT_EQ(reading.messages[1].finish_reason, "length");
}

TEST(OtelShapesTest, ReadsParallelResultsOfOneMessage) {
  Build build;
  build.AddSpan(
      "chat",
      {{"gen_ai.input.messages",
        S(R"([{"role":"assistant","parts":[{"type":"tool_call","id":"a","name":"f","arguments":"{\"n\":1}"},)"
          R"({"type":"tool_call","id":"b","name":"f","arguments":null},{"type":"tool_call","id":"c","name":"g"}]},)"
          R"({"role":"user","parts":[{"type":"tool_call_response","id":"b","response":null},)"
          R"({"type":"tool_call_response","id":"a","response":""},{"type":"tool_call_response","id":"c","result":0}]}])")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre(R"(< assistant call f a {"n":1})", "< assistant call f b", "< assistant call g c",
                  "< tool result f b", "< tool result f a", "< tool result g c: 0"));
}

TEST(OtelShapesTest, ReadsTheOldestEventsOfTools) {
  Build build;
  build.AddSpan("chat", {});
  build.AddEvent(
      0, "gen_ai.content.prompt",
      {{"gen_ai.prompt",
        S(R"([{'role': 'user', 'content': "What's up?"}, {'role': 'assistant', 'content': None, )"
          R"('tool_calls': [{'id': 'c1', 'type': 'function', 'function': {'name': 'f', 'arguments': '{"a": 1}'}}]}, )"
          R"({'role': 'tool', 'tool_call_id': 'c1', 'content': 'it\'s fine'}])")}});
  build.AddEvent(0, "gen_ai.content.completion",
                 {{"gen_ai.completion", S("Just words, 'quoted'.")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre("< user text: What's up?", R"(< assistant call f c1 {"a": 1})",
                  "< tool result f c1: it's fine", "> assistant text: Just words, 'quoted'."));
}

}  // namespace
}  // namespace spanlog::genai
