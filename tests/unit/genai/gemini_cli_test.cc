// Gemini CLI: its own events, its details events and its spans.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::I;
using ::testing::IsEmpty;
using testing::Lines;
using testing::S;

constexpr std::string_view kDetails = "gen_ai.client.inference.operation.details";

// user_prompt 1 → llm_call 2, tool_call 3.
class GeminiCliTest : public ::testing::Test {
 protected:
  GeminiCliTest() {
    build.trace.scopes[0].name = "gemini-cli";
    build.AddSpan("user_prompt", {{"gen_ai.operation.name", S("user_prompt")},
                                  {"gen_ai.conversation.id", S("s1")},
                                  {"gen_ai.agent.name", S("gemini-cli")}});
    build.AddSpan("llm_call",
                  {{"gen_ai.operation.name", S("llm_call")},
                   {"gen_ai.conversation.id", S("s1")},
                   {"gen_ai.request.model", S("gemini-3-pro")}},
                  1);
    build.AddSpan("tool_call",
                  {{"gen_ai.operation.name", S("tool_call")},
                   {"gen_ai.conversation.id", S("s1")},
                   {"gen_ai.tool.name", S("read_file")},
                   {"gen_ai.tool.call_id", S("read_file-1")}},
                  1);
  }
  LogRecord& AddEvent(uint64_t span, std::string_view name, std::string_view line,
                      testing::Pairs metadata) {
    LogRecord& record = build.AddRecord(span, name, line, metadata);
    record.scope_name = "gemini-cli";
    return record;
  }
  Build build;
};

TEST_F(GeminiCliTest, ReadsOneTurn) {
  AddEvent(1, "gemini_cli.user_prompt", "User prompt. Length: 2.", {{"prompt", S("hi")}});
  AddEvent(2, "gemini_cli.api_request", "API request to gemini-3-pro.",
           {{"model", S("gemini-3-pro")}, {"request_text", S("[]")}});
  AddEvent(2, "gemini_cli.api_response", "API response from gemini-3-pro.",
           {{"response_text", S("Hello.")}, {"finish_reasons", S(R"(["STOP"])")}});
  AddEvent(2, kDetails, "GenAI operation details from gemini-3-pro.",
           {{"gen_ai_input_messages",
             S(R"([{"role":"user","parts":[{"type":"text","content":"hi"}]}])")},
            {"gen_ai_output_messages",
             S(R"([{"role":"model","parts":[{"type":"text","content":"Hello."}]}])")}});
  AddEvent(3, "gemini_cli.tool_call", "Tool call: read_file.",
           {{"function_name", S("read_file")},
            {"function_args", S(R"({"path": "a"})")},
            {"success", S("true")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user text: hi", "< user text: hi", "> assistant text: Hello.",
                          R"(> tool result off read_file {"path": "a"})"));
  EXPECT_EQ(reading.messages[2].finish_reason, "STOP");
  // The answer is the response's; the details event keeps the question.
  EXPECT_EQ(reading.messages[2].record, 2u);
  EXPECT_EQ(reading.messages[1].record, 3u);
  EXPECT_EQ(reading.records[1].title, "request to gemini-3-pro");
  EXPECT_THAT(reading.findings, IsEmpty());
}

TEST_F(GeminiCliTest, FindsTheInnermostSpanForRecordsWithoutTraceIds) {
  AddEvent(0, "gemini_cli.api_response", "API response.",
           {{"session_id", S("s1")}, {"response_text", S("x")}})
      .time_ns = build.trace.spans[1].end_ns - 1;
  AddEvent(0, "gemini_cli.user_prompt", "User prompt.",
           {{"session_id", S("s1")}, {"prompt", S("y")}})
      .time_ns = build.trace.spans[0].start_ns + 5;
  const Reading reading = build.Read();
  EXPECT_EQ(reading.records[0].span, 1u);
  EXPECT_EQ(reading.records[0].match, "conversation_id");
  EXPECT_EQ(reading.records[1].span, 0u);
}

TEST_F(GeminiCliTest, ShowsAFailedToolsErrorAndAFailedCall) {
  AddEvent(3, "gemini_cli.tool_call", "Tool call: write_file.",
           {{"function_name", S("write_file")},
            {"success", S("false")},
            {"error", S("EACCES: permission denied")}});
  AddEvent(2, "gemini_cli.api_error", "API error.",
           {{"model", S("gemini-3-pro")}, {"status_code", S("429")}, {"error", S("quota")}});
  AddEvent(2, "gemini_cli.flash_fallback", "Switching to flash as fallback.", {});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("> tool result failed write_file: EACCES: permission denied"));
  EXPECT_EQ(reading.records[1].title, "model call failed: 429 quota gemini-3-pro");
  EXPECT_EQ(reading.records[2].title, "Switching to flash as fallback.");
}

TEST_F(GeminiCliTest, SaysWhatSwitchesPromptsOn) {
  AddEvent(1, "gemini_cli.user_prompt", "User prompt. Length: 2.", {{"prompt_length", S("2")}});
  AddEvent(2, "gemini_cli.api_response", "API response.", {{"output_token_count", S("3")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< user text off", "> assistant text off"));
  EXPECT_THAT(reading.findings,
              ElementsAre(HasSubstr("telemetry.logPrompts"), HasSubstr("telemetry.logPrompts")));
}

TEST_F(GeminiCliTest, CountsThoughtsAsOutput) {
  AddEvent(2, "gemini_cli.api_response", "API response.",
           {{"input_token_count", S("7010")},
            {"output_token_count", S("33")},
            {"thoughts_token_count", S("120")},
            {"cached_content_token_count", S("4096")}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.record_calls.size(), 1u);
  EXPECT_EQ(reading.record_calls[0].usage.output_tokens, 153);
  EXPECT_EQ(reading.record_calls[0].usage.cache_read_tokens, 4096);
  EXPECT_EQ(reading.record_calls[0].span, 1u);
}

TEST_F(GeminiCliTest, KnowsTheKindsOfItsSpans) {
  build.AddSpan("schedule_tool_calls", {{"gen_ai.operation.name", S("schedule_tool_calls")}}, 1);
  const Reading reading = build.Read();
  EXPECT_EQ(reading.calls[0].kind, CallKind::kAgent);
  EXPECT_EQ(reading.calls[1].kind, CallKind::kModel);
  EXPECT_EQ(reading.calls[2].kind, CallKind::kTool);
  EXPECT_EQ(reading.calls[3].kind, CallKind::kNone);
}

TEST_F(GeminiCliTest, CountsNoTokensThatNoCallCanHave) {
  AddEvent(2, "gemini_cli.api_response", "API response.",
           {{"output_token_count", S("9223372036854775807")}, {"thoughts_token_count", S("120")}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.record_calls.size(), 1u);
  EXPECT_EQ(reading.record_calls[0].usage.output_tokens, -1);
  EXPECT_EQ(reading.record_calls[0].usage.reasoning_tokens, 120);
}

}  // namespace
}  // namespace spanlog::genai
