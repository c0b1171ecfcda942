// OpenTelemetry from 1.37 on: attributes of spans, events and records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::I;
using testing::J;
using testing::Lines;
using testing::S;

constexpr std::string_view kDetails = "gen_ai.client.inference.operation.details";

TEST(OtelMessagesTest, ReadsEveryPartType) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(R"([
    {"role":"developer","parts":[{"type":"text","content":"Be brief."}]},
    {"role":"user","name":"ann","parts":[{"type":"text","content":"Look"},
      {"type":"blob","modality":"image","mime_type":"image/png","content":"aGVsbG8gd29ybGQ="},
      {"type":"uri","modality":"video","uri":"gs://b/v.mp4","mime_type":"video/mp4"},
      {"type":"file","modality":"document","file_id":"file-17"}]},
    {"role":"assistant","parts":[{"type":"reasoning","content":"hm"},
      {"type":"tool_call","id":"c1","name":"f","arguments":{"b":1,"a":"\u00e9"}},
      {"type":"server_tool_call","id":"s1","name":"web","server_tool_call":{"type":"web","q":"x"}},
      {"type":"server_tool_call_response","id":"s1","server_tool_call_response":{"hits":2}}]},
    {"role":"user","parts":[{"type":"tool_call_response","id":"c1","response":{"ok":true}},
      {"type":"tool_call_response","id":"c2","result":"plain"}]},
    {"role":"tool","parts":[{"type":"compaction","id":"k","content":"summary"},
      {"type":"telepathy","strength":3}]}])")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre(
          "< system text: Be brief.", "< user text: Look", "< user media: [image image/png, 11 B]",
          "< user media: [video video/mp4, gs://b/v.mp4]", "< user media: [document file-17]",
          "< assistant reasoning: hm", R"(< assistant call f c1 {"b":1,"a":"é"})",
          R"(< assistant call web s1 {"type":"web","q":"x"})",
          R"(< tool result web s1: {"hits":2})", R"(< tool result f c1: {"ok":true})",
          "< tool result c2: plain", "< tool result: summary",
          R"(< tool result: {"type":"telepathy","strength":3})"));
}

TEST(OtelMessagesTest, ReadsAdksSpellingOfMedia) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.input.messages", S(R"([{"role":"","parts":[
    {"type":"blob","mime_type":"audio/wav","data":"AAAA"},
    {"type":"file_data","mime_type":"application/pdf","uri":"gs://b/x.pdf"}]}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user media: [audio audio/wav, 3 B]",
                          "< user media: [file application/pdf, gs://b/x.pdf]"));
}

TEST(OtelMessagesTest, ReadsStructuredValuesAndListsOfJsonTexts) {
  Build build;
  build.AddSpan(
      "chat", {{"gen_ai.system_instructions", J(R"([{"type":"text","content":"S"}])")},
               {"gen_ai.input.messages",
                J(R"(["{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"hi\"}]}"])")},
               {"gen_ai.output.messages", J(R"([{"parts":[{"type":"text","content":"ho"}]}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< system text: S", "< user text: hi", "> assistant text: ho"));
}

TEST(OtelMessagesTest, ReadsJsonThatIsAJsonStringItself) {
  Build build;
  build.AddSpan(
      "chat",
      {{"gen_ai.system_instructions", S(R"("[{\"type\":\"text\",\"content\":\"S\"}]")")},
       {"gen_ai.input.messages",
        S(R"("[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"hi\"}]}]")")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< system text: S", "< user text: hi"));
}

TEST(OtelMessagesTest, NumbersChoicesAndGivesEachItsReason) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")},
                         {"gen_ai.response.finish_reasons", J(R"(["stop","length"])")},
                         {"gen_ai.output.messages",
                          S(R"([{"role":"assistant","parts":[{"type":"text","content":"same"}]},
                               {"role":"assistant","parts":[{"type":"text","content":"same"}]}])")}});
  const Reading reading = build.Read();
  ASSERT_THAT(Lines(reading), ElementsAre("> assistant text: same", "> assistant text: same"));
  EXPECT_EQ(reading.messages[0].choice, 0);
  EXPECT_EQ(reading.messages[0].finish_reason, "stop");
  EXPECT_EQ(reading.messages[1].choice, 1);
  EXPECT_EQ(reading.messages[1].finish_reason, "length");
}

TEST(OtelMessagesTest, ExplodesADetailsRecordIntoItsCall) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}});
  build.AddRecord(1, kDetails, "",
                  {{"gen_ai_system_instructions", S(R"([{"type":"text","content":"S"}])")},
                   {"gen_ai_input_messages",
                    S(R"([{"role":"user","parts":[{"type":"text","content":"hi"}]}])")},
                   {"gen_ai_output_messages",
                    S(R"([{"role":"assistant","parts":[{"type":"text","content":"ho"}]}])")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< system text: S", "< user text: hi", "> assistant text: ho"));
  for (const Message& message : reading.messages) {
    EXPECT_EQ(message.span, 0u);
    EXPECT_EQ(message.record, 0u);
    EXPECT_EQ(message.time_ns, 0);  // drawn at the call's start and end
  }
  EXPECT_TRUE(reading.records[0].is_message);
}

TEST(OtelMessagesTest, ReadsADetailsRecordWhoseBodyIsTheEvent) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(
      1, kDetails,
      R"({"gen_ai.input.messages":[{"role":"user","parts":[{"type":"text","content":"q"}]}]})");
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: q"));
}

TEST(OtelMessagesTest, TitlesADetailsRecordWithoutContent) {
  Build build;
  build.AddSpan("chat m", {{"gen_ai.operation.name", S("chat")}});
  build.AddRecord(1, kDetails, "",
                  {{"gen_ai_operation_name", S("chat")}, {"gen_ai_response_model", S("gpt-5")}});
  const Reading reading = build.Read();
  EXPECT_TRUE(reading.messages.empty());
  EXPECT_FALSE(reading.records[0].is_message);
  EXPECT_EQ(reading.records[0].title, "chat gpt-5 (content capture off)");
  ASSERT_EQ(reading.findings.size(), 1u);
  EXPECT_THAT(reading.findings[0], ::testing::HasSubstr("CAPTURE_MESSAGE_CONTENT"));
}

TEST(OtelMessagesTest, JoinsADetailsRecordWithoutSpanIdByTheResponse) {
  Build build;
  build.AddSpan("agent", {});
  build.AddSpan("chat", {{"gen_ai.response.id", S("r-1")}}, 1);
  build.AddRecord(0, kDetails, "",
                  {{"gen_ai_response_id", S("r-1")},
                   {"gen_ai_output_messages",
                    S(R"([{"role":"assistant","parts":[{"type":"text","content":"ho"}]}])")}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.messages.size(), 1u);
  EXPECT_EQ(reading.messages[0].span, 1u);
  EXPECT_EQ(reading.records[0].span, 1u);
  EXPECT_EQ(reading.records[0].match, "response_id");
}

TEST(OtelMessagesTest, ReadsOneCallSpreadOverSeveralSpanEvents) {
  Build build;
  build.AddSpan("chat", {});
  build.AddEvent(0, kDetails,
                 {{"gen_ai.input.messages",
                   S(R"([{"role":"user","parts":[{"type":"text","content":"yes"}]}])")}});
  build.AddEvent(0, kDetails,
                 {{"gen_ai.input.messages",
                   S(R"([{"role":"user","parts":[{"type":"text","content":"yes"}]}])")}});
  build.AddEvent(0, kDetails,
                 {{"gen_ai.output.messages",
                   S(R"([{"role":"assistant","parts":[{"type":"text","content":"ok"}]}])")}});
  // Two events may say the same words: the user said yes twice.
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: yes", "< user text: yes", "> assistant text: ok"));
}

TEST(OtelMessagesTest, NamesTheAddressOfUploadedContent) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")},
                         {"gen_ai.input.messages_ref", S("s3://b/1_inputs.json")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< user media off: [messages s3://b/1_inputs.json]"));
  EXPECT_FALSE(reading.messages[0].hint.empty());
  EXPECT_THAT(reading.findings, ElementsAre(::testing::HasSubstr("uploaded elsewhere")));
}

TEST(OtelMessagesTest, ReadsUsageUnderOldAndNewNames) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")},
                         {"gen_ai.system", S("openai")},
                         {"gen_ai.request.model", S("gpt-5")},
                         {"gen_ai.usage.prompt_tokens", I(10)},
                         {"gen_ai.usage.completion_tokens", S("4")},
                         {"gen_ai.usage.cache_creation.input_tokens", I(3)},
                         {"gen_ai.response.time_to_first_chunk", Value::Double(0.25)}});
  build.AddSpan("chat", {{"gen_ai.operation.name", S("generate_content")},
                         {"gen_ai.provider.name", S("gcp.gemini")},
                         {"gen_ai.response.model", S("gemini-3")},
                         {"gen_ai.usage.input_tokens", I(11)},
                         {"gen_ai.usage.output_tokens", I(5)},
                         {"gen_ai.usage.cache_read.input_tokens", I(2)},
                         {"gen_ai.usage.reasoning.output_tokens", I(1)},
                         {"gen_ai.conversation.id", S("conv")}});
  build.AddSpan("tool",
                {{"gen_ai.operation.name", S("execute_tool")}, {"gen_ai.tool.name", S("f")}});
  const Reading reading = build.Read();
  const CallUsage& old = reading.calls[0];
  EXPECT_EQ(old.kind, CallKind::kModel);
  EXPECT_EQ(old.provider, "openai");
  EXPECT_EQ(old.model, "gpt-5");
  EXPECT_EQ(old.input_tokens, 10);
  EXPECT_EQ(old.output_tokens, 4);
  EXPECT_EQ(old.cache_write_tokens, 3);
  EXPECT_DOUBLE_EQ(old.ttft_ms, 250);
  const CallUsage& now = reading.calls[1];
  EXPECT_EQ(now.input_tokens, 11);
  EXPECT_EQ(now.cache_read_tokens, 2);
  EXPECT_EQ(now.reasoning_tokens, 1);
  EXPECT_EQ(now.conversation_id, "conv");
  EXPECT_EQ(reading.calls[2].kind, CallKind::kTool);
  EXPECT_EQ(reading.calls[2].tool_name, "f");
  EXPECT_EQ(reading.calls[2].input_tokens, -1);
}

TEST(OtelMessagesTest, ShowsAToolsArgumentsAndResultOnItsSpan) {
  Build build;
  build.AddSpan("execute_tool f", {{"gen_ai.operation.name", S("execute_tool")},
                                   {"gen_ai.tool.name", S("f")},
                                   {"gen_ai.tool.call.id", S("c1")},
                                   {"gen_ai.tool.call.arguments", J(R"({"a":1})")},
                                   {"gen_ai.tool.call.result", S("done")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool call f c1 {"a":1})", "> tool result f c1: done"));
}

TEST(OtelMessagesTest, ReadsAToolRecordWhoseArgumentsLokiFlattened) {
  Build build;
  build.AddSpan("execute_tool f", {{"gen_ai.operation.name", S("execute_tool")}});
  build.AddRecord(1, kDetails, "",
                  {{"gen_ai_tool_name", S("f")},
                   {"gen_ai_tool_call_arguments_city", S("Paris")},
                   {"gen_ai_tool_call_result", S("rain")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool call f {"city":"Paris"})", "> tool result f: rain"));
}

}  // namespace
}  // namespace spanlog::genai
