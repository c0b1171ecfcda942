// Pydantic AI's instrumentation formats 1 to 6, and Logfire's own clients.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::I;
using ::testing::IsEmpty;
using testing::Lines;
using testing::S;

class PydanticTest : public ::testing::Test {
 protected:
  PydanticTest() { build.trace.scopes[0].name = "pydantic-ai"; }
  Build build;
};

TEST_F(PydanticTest, ReadsItsFirstFormat) {
  build.AddSpan(
      "chat m",
      {{"gen_ai.operation.name", S("chat")},
       {"events", S(R"([{"event.name":"gen_ai.system.message","content":"S","role":"system"},
    {"event.name":"gen_ai.user.message","content":"hi","role":"user","gen_ai.message.index":0},
    {"event.name":"gen_ai.assistant.message","role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":{"a":1}}}]},
    {"event.name":"gen_ai.tool.message","content":"ok","role":"tool","id":"c","name":"f"},
    {"event.name":"gen_ai.choice","index":0,"message":{"role":"assistant","content":"bye"}}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< system text: S", "< user text: hi", R"(< assistant call f c {"a":1})",
                          "< tool result f c: ok", "> assistant text: bye"));
}

TEST_F(PydanticTest, ReadsTheKindsOfItsFirstFormat) {
  build.AddSpan(
      "chat m",
      {{"gen_ai.operation.name", S("chat")},
       {"events", S(R"([{"event.name":"gen_ai.user.message","role":"user","content":["look",
    {"kind":"image-url","url":"https://a/b.png"},{"kind":"binary","media_type":"audio/wav","binary_content":"UklGRg=="}]},
    {"event.name":"gen_ai.choice","index":0,"message":{"role":"assistant","content":[
    {"kind":"thinking","text":"hm"},{"kind":"text","text":"a cat"}]}}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: look", "< user media: [image https://a/b.png]",
                          "< user media: [audio audio/wav, 4 B]", "> assistant reasoning: hm",
                          "> assistant text: a cat"));
}

TEST_F(PydanticTest, ReadsTheMessagesThatItsFirstFormatLogs) {
  build.AddSpan("chat m", {{"gen_ai.operation.name", S("chat")}});
  build.AddRecord(1, "gen_ai.user.message", R"({"content":"hi","role":"user"})");
  build.AddRecord(
      1, "gen_ai.assistant.message",
      R"({"role":"assistant","content":"I look","tool_calls":[{"id":"c","type":"function",)"
      R"("function":{"name":"f","arguments":"{\"a\": 1}"}}]})");
  build.AddRecord(1, "gen_ai.tool.message",
                  R"({"content":{"rows":2},"role":"tool","id":"c","name":"f"})");
  build.AddRecord(1, "gen_ai.choice",
                  R"({"index":0,"message":{"role":"assistant","content":"bye"}})");
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre("< user text: hi", "< assistant text: I look", R"(< assistant call f c {"a": 1})",
                  R"(< tool result f c: {"rows":2})", "> assistant text: bye"));
}

TEST_F(PydanticTest, ReadsThePartsOfItsSecondFormat) {
  build.AddSpan(
      "chat m",
      {{"gen_ai.operation.name", S("chat")},
       {"gen_ai.system_instructions", S(R"([{"type":"text","content":"Be kind."}])")},
       {"gen_ai.input.messages", S(R"([{"role":"system","parts":[{"type":"text","content":"S"}]},
    {"role":"user","parts":[{"type":"text","content":"hi"},{"type":"image-url","url":"https://a/b.png"},
      {"type":"binary","media_type":"image/png","content":"iVBORw0KGgo="},{"type":"document-url","url":"https://a/c.pdf"}]},
    {"role":"assistant","parts":[{"type":"thinking","content":"hm"},{"type":"tool_call","id":"c1","name":"f","arguments":"{\"a\": 1}"},
      {"type":"tool_call","id":"c2","name":"g","arguments":{"b":[2]}}]},
    {"role":"user","parts":[{"type":"tool_call_response","id":"c1","name":"f","result":"one"},
      {"type":"tool_call_response","id":"c2","name":"g","result":{"two":2}}]}])")},
       {"gen_ai.output.messages",
        S(R"([{"role":"assistant","parts":[{"type":"text","content":"bye"}],"finish_reason":"stop"}])")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre("< system text: Be kind.", "< system text: S", "< user text: hi",
                  "< user media: [image https://a/b.png]", "< user media: [image image/png, 8 B]",
                  "< user media: [document https://a/c.pdf]", "< assistant reasoning: hm",
                  R"(< assistant call f c1 {"a": 1})", R"(< assistant call g c2 {"b":[2]})",
                  "< tool result f c1: one", R"(< tool result g c2: {"two":2})",
                  "> assistant text: bye"));
}

TEST_F(PydanticTest, ReadsTheMediaOfItsLaterFormats) {
  build.AddSpan(
      "chat m",
      {{"gen_ai.input.messages",
        S(R"([{"role":"user","parts":[{"type":"uri","modality":"image","uri":"https://a/b.png","mime_type":"image/png"},
    {"type":"blob","modality":"audio","mime_type":"audio/wav"}]},
    {"role":"tool","parts":[{"type":"tool_call_response","id":"c","name":"f","result":"r"}]}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user media: [image image/png, https://a/b.png]",
                          "< user media: [audio audio/wav]", "< tool result f c: r"));
}

TEST_F(PydanticTest, SaysThatContentIsOffAndNamesTheSwitch) {
  build.AddSpan("chat m",
                {{"gen_ai.operation.name", S("chat")},
                 {"gen_ai.input.messages", S(R"([{"role":"user","parts":[{"type":"text"}]}])")},
                 {"gen_ai.output.messages",
                  S(R"([{"role":"assistant","parts":[{"type":"thinking"},{"type":"text"}]}])")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user text off", "> assistant reasoning off", "> assistant text off"));
  EXPECT_THAT(reading.findings, ElementsAre(HasSubstr("include_content=True")));
}

TEST_F(PydanticTest, LeavesOutWhatTheAgentsSpanRepeatsAndKeepsWhatItAdds) {
  build.AddSpan("agent run", {{"gen_ai.agent.name", S("a")},
                              {"gen_ai.usage.input_tokens", I(9)},
                              {"final_result", S("bye\n")},
                              {"pydantic_ai.all_messages",
                               S(R"([{"role":"user","parts":[{"type":"text","content":"hi"}]},
      {"role":"assistant","parts":[{"type":"text","content":"bye"}]},
      {"role":"user","parts":[{"type":"text","content":"only here"}]}])")}});
  build.AddSpan("chat m",
                {{"gen_ai.operation.name", S("chat")},
                 {"gen_ai.input.messages",
                  S(R"([{"role":"user","parts":[{"type":"text","content":"hi"}]}])")},
                 {"gen_ai.output.messages",
                  S(R"([{"role":"assistant","parts":[{"type":"text","content":"bye"}]}])")}},
                1);
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user text: only here", "< user text: hi", "> assistant text: bye"));
  EXPECT_EQ(reading.calls[0].kind, CallKind::kAgent);
  EXPECT_TRUE(reading.calls[0].aggregates_children);
}

TEST_F(PydanticTest, ShowsTheWholeRunWhereItsCallsAreMissing) {
  build.AddSpan("agent run",
                {{"agent_name", S("a")},
                 {"all_messages_events",
                  S(R"([{"event.name":"gen_ai.user.message","content":"hi","role":"user"},
      {"event.name":"gen_ai.assistant.message","content":"bye","role":"assistant"}])")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: hi", "< assistant text: bye"));
}

TEST_F(PydanticTest, ShowsAStructuredResultOfTheRun) {
  build.AddSpan("agent run",
                {{"agent_name", S("a")}, {"final_result", S(R"({"city":"Oslo","t":3})")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre(R"(> assistant text: {"city":"Oslo","t":3})"));
}

TEST_F(PydanticTest, ReadsToolsOfOldAndNewFormats) {
  build.AddSpan("running tool", {{"gen_ai.tool.name", S("f")},
                                 {"gen_ai.tool.call.id", S("c1")},
                                 {"tool_arguments", S(R"({"a": 1})")},
                                 {"tool_response", S("42")},
                                 {"logfire.json_schema", S("{}")}});
  build.AddSpan("execute_tool g", {{"gen_ai.operation.name", S("execute_tool")},
                                   {"gen_ai.tool.name", S("g")},
                                   {"gen_ai.tool.call.id", S("c2")},
                                   {"gen_ai.tool.call.arguments", S(R"({"b":2})")},
                                   {"gen_ai.tool.call.result", S("fine")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool call f c1 {"a": 1})", "> tool result f c1: 42",
                          R"(< tool call g c2 {"b":2})", "> tool result g c2: fine"));
}

TEST_F(PydanticTest, DoesNotTakeAnAgentsAggregatesForUsage) {
  build.AddSpan("invoke_agent a", {{"gen_ai.operation.name", S("invoke_agent")},
                                   {"final_result", S("x")},
                                   {"gen_ai.aggregated_usage.input_tokens", I(240)},
                                   {"operation.cost", Value::Double(0.5)}});
  const CallUsage call = build.Read().calls[0];
  EXPECT_EQ(call.input_tokens, -1);
  EXPECT_DOUBLE_EQ(call.cost_usd, 0.5);
}

TEST_F(PydanticTest, ReadsLogfiresClients) {
  build.trace.scopes[0].name = "logfire.openai";
  build.AddSpan(
      "Chat Completion with {model}",
      {{"logfire.json_schema", S("{}")},
       {"gen_ai.request.model", S("m")},
       {"request_data",
        S(R"({"system":"Be kind.","messages":[{"role":"user","content":"hi"}],"model":"m"})")},
       {"response_data", S(R"({"message":{"role":"assistant","content":"bye"},"usage":{}})")}});
  build.AddSpan(
      "streaming response from {model}",
      {{"logfire.json_schema", S("{}")},
       {"request_data", S(R"({"messages":[{"role":"user","content":"again"}],"stream":true})")},
       {"response_data", S(R"({"combined_chunk_content":"piece by piece","chunk_count":3})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< system text: Be kind.", "< user text: hi", "> assistant text: bye",
                          "< user text: again", "> assistant text: piece by piece"));
}

}  // namespace
}  // namespace spanlog::genai
