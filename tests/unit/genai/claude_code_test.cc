// Claude Code: event records with and without trace ids, with and without content, and its spans.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

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
using ::testing::Not;
using testing::S;

// interaction 1 → llm_request 2, tool 3 → execution 4.
class ClaudeCodeTest : public ::testing::Test {
 protected:
  ClaudeCodeTest() {
    build.trace.scopes[0].name = "com.anthropic.claude_code";
    build.AddSpan("claude_code.interaction", {{"prompt.id", S("p1")}, {"session.id", S("s1")}});
    build.AddSpan("claude_code.llm_request",
                  {{"prompt.id", S("p1")},
                   {"model", S("claude-opus-4-8")},
                   {"request_id", S("r1")},
                   {"input_tokens", I(2)},
                   {"output_tokens", I(88)},
                   {"cache_read_tokens", I(84'562)},
                   {"cache_creation_tokens", I(731)},
                   {"ttft_ms", I(812)}},
                  1);
    build.AddSpan("claude_code.tool", {{"tool_name", S("Bash")}, {"tool_use_id", S("t1")}}, 1);
    build.AddSpan("claude_code.tool.execution", {}, 3);
  }
  // As Loki has it: the event's name as the attribute has it, the body beside it.
  LogRecord& AddEvent(uint64_t span, std::string_view name, std::string_view line,
                      testing::Pairs metadata) {
    LogRecord& record = build.AddRecord(span, name, line, metadata);
    record.scope_name = "com.anthropic.claude_code.events";
    return record;
  }
  Build build;
};

TEST_F(ClaudeCodeTest, ReadsAPromptAToolAndAnAnswer) {
  AddEvent(1, "user_prompt", "claude_code.user_prompt",
           {{"prompt", S("Fix it, \xE8\xAF\xB7")}, {"prompt_length", S("9")}});
  AddEvent(4, "tool_result", "claude_code.tool_result",
           {{"tool_name", S("Bash")},
            {"tool_use_id", S("t1")},
            {"success", S("true")},
            {"tool_input", S(R"({"command": "ls"})")},
            {"tool_parameters", S(R"({"bash_command": "ls"})")},
            {"tool_input_size_bytes", S("17")}});
  AddEvent(2, "assistant_response", "claude_code.assistant_response",
           {{"response", S("Done:\n```\nls\n```")}, {"request_id", S("r1")}});
  build.AddEvent(2, "tool.output", {{"output", S("a.txt")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< user text: Fix it, \xE8\xAF\xB7",
                                          "> assistant text: Done:\n```\nls\n```",
                                          R"(> tool result Bash t1 {"command": "ls"}: a.txt)"));
  // The helper span wrote the record; a person looks under the tool.
  EXPECT_EQ(reading.messages[2].span, 2u);
  EXPECT_EQ(reading.records[1].match, "tool_call_id");
  EXPECT_EQ(reading.messages[2].sources, kFromLog | kFromSpanEvent);
}

TEST_F(ClaudeCodeTest, ReadsEventsWhoseNameIsWholeOrOnlyInTheBody) {
  AddEvent(1, "claude_code.user_prompt", "", {{"prompt", S("one")}});
  AddEvent(1, "", "claude_code.user_prompt", {{"prompt", S("two")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: one", "< user text: two"));
}

TEST_F(ClaudeCodeTest, PlacesRecordsWithoutTraceIdsByWhatTheyShare) {
  AddEvent(0, "user_prompt", "claude_code.user_prompt",
           {{"prompt", S("hi")}, {"prompt_id", S("p1")}, {"session_id", S("s1")}});
  AddEvent(0, "api_request", "claude_code.api_request",
           {{"request_id", S("r1")}, {"prompt_id", S("p1")}});
  AddEvent(0, "tool_decision", "claude_code.tool_decision",
           {{"tool_use_id", S("t1")}, {"prompt_id", S("p1")}});
  AddEvent(0, "internal_error", "claude_code.internal_error", {{"session_id", S("s1")}});
  const Reading reading = build.Read();
  EXPECT_EQ(reading.records[0].span, 0u);
  EXPECT_EQ(reading.records[1].span, 1u);
  EXPECT_EQ(reading.records[2].span, 2u);
  EXPECT_EQ(reading.records[3].span, 0u);
  EXPECT_EQ(reading.records[3].match, "session_id");
}

TEST_F(ClaudeCodeTest, SaysWhatSwitchesHiddenContentOn) {
  AddEvent(1, "user_prompt", "claude_code.user_prompt", {{"prompt", S("<REDACTED>")}});
  AddEvent(2, "assistant_response", "claude_code.assistant_response",
           {{"response_length", S("9")}});
  AddEvent(3, "tool_result", "claude_code.tool_result",
           {{"tool_name", S("Bash")}, {"tool_use_id", S("t1")}, {"success", S("true")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< user text redacted", "> assistant text off",
                                          "> tool result off Bash t1"));
  EXPECT_THAT(reading.findings, Contains(HasSubstr("OTEL_LOG_USER_PROMPTS=1")));
  EXPECT_THAT(reading.findings, Contains(HasSubstr("OTEL_LOG_ASSISTANT_RESPONSES=1")));
  EXPECT_THAT(reading.findings, Contains(HasSubstr("OTEL_LOG_TOOL_CONTENT=1")));
}

TEST_F(ClaudeCodeTest, ShowsAFailedToolsErrorAsItsResult) {
  AddEvent(3, "tool_result", "claude_code.tool_result",
           {{"tool_name", S("Edit")},
            {"tool_use_id", S("t1")},
            {"success", S("false")},
            {"error", S("File not found: <a>")},
            {"tool_parameters", S(R"({"file": "a"})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(> tool result failed Edit t1 {"file": "a"}: File not found: <a>)"));
}

TEST_F(ClaudeCodeTest, NamesEventsThatAreNoMessages) {
  AddEvent(2, "api_request", "claude_code.api_request",
           {{"model", S("claude-opus-4-8")},
            {"input_tokens", S("2")},
            {"cache_read_tokens", S("84562")},
            {"cache_creation_tokens", S("731")},
            {"output_tokens", S("88")},
            {"cost_usd_micros", S("48700")},
            {"duration_ms", S("3000")},
            {"request_id", S("r1")}});
  AddEvent(2, "api_error", "claude_code.api_error",
           {{"error", S("overloaded")}, {"status_code", S("529")}, {"model", S("opus")}});
  AddEvent(3, "tool_decision", "claude_code.tool_decision",
           {{"tool_name", S("Bash")}, {"decision", S("reject")}, {"source", S("user_reject")}});
  AddEvent(2, "api_response_body", "claude_code.api_response_body",
           {{"body", S(R"({"content":[{"type":"text","text":"Hello there"}]})")}});
  AddEvent(2, "api_request_body", "claude_code.api_request_body", {{"body_ref", S("/tmp/b.json")}});
  AddEvent(1, "brand_new_event", "claude_code.brand_new_event", {{"name", S("thing")}});
  const Reading reading = build.Read();
  EXPECT_THAT(reading.messages, IsEmpty());
  EXPECT_EQ(reading.records[0].title, "claude-opus-4-8 · 85.3k→88 tokens · $0.0487 · 3 s");
  EXPECT_EQ(reading.records[1].title, "model call failed: 529 overloaded opus");
  EXPECT_EQ(reading.records[2].title, "Bash reject by user_reject");
  EXPECT_EQ(reading.records[3].title, "response body: Hello there");
  EXPECT_EQ(reading.records[4].title, "request body: /tmp/b.json");
  EXPECT_EQ(reading.records[5].title, "brand_new_event thing");
}

TEST_F(ClaudeCodeTest, CountsCachedTokensAsInput) {
  const CallUsage call = build.Read().calls[1];
  EXPECT_EQ(call.kind, CallKind::kModel);
  EXPECT_EQ(call.input_tokens, 2 + 84'562 + 731);
  EXPECT_EQ(call.output_tokens, 88);
  EXPECT_DOUBLE_EQ(call.ttft_ms, 812);
}

TEST_F(ClaudeCodeTest, TakesTheCostThatOnlyTheRecordOfACallKnows) {
  build.AddSpan("claude_code.llm_request", {{"request_id", S("r2")}}, 1);
  AddEvent(2, "api_request", "claude_code.api_request",
           {{"request_id", S("r1")}, {"output_tokens", S("99")}, {"cost_usd", S("0.0487")}});
  AddEvent(5, "api_request", "claude_code.api_request",
           {{"request_id", S("r2")}, {"input_tokens", S("5")}, {"output_tokens", S("7")}});
  const Reading reading = build.Read();
  EXPECT_DOUBLE_EQ(reading.calls[1].cost_usd, 0.0487);
  EXPECT_EQ(reading.calls[1].output_tokens, 88);  // the span's own
  EXPECT_EQ(reading.calls[4].input_tokens, 5);
  EXPECT_EQ(reading.calls[4].output_tokens, 7);
}

TEST_F(ClaudeCodeTest, TakesUsageFromARequestThatOnlyARecordTellsOf) {
  AddEvent(0, "api_request", "claude_code.api_request",
           {{"prompt_id", S("p1")},
            {"request_id", S("another")},
            {"input_tokens", S("5")},
            {"output_tokens", S("7")},
            {"cost_usd", S("0.02")}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.record_calls.size(), 1u);
  EXPECT_EQ(reading.record_calls[0].span, 0u);
  EXPECT_EQ(reading.record_calls[0].usage.input_tokens, 5);
  EXPECT_DOUBLE_EQ(reading.record_calls[0].usage.cost_usd, 0.02);
}

TEST_F(ClaudeCodeTest, FindsNothingWrongWithACallThatOnlyAskedForATool) {
  AddEvent(1, "user_prompt", "claude_code.user_prompt", {{"prompt", S("hi")}});
  EXPECT_THAT(build.Read().findings, IsEmpty());
}

TEST_F(ClaudeCodeTest, MergesThePromptOfTheSpanWithThatOfTheRecord) {
  Build other;
  other.trace.scopes[0].name = "com.anthropic.claude_code";
  other.AddSpan("claude_code.interaction", {{"user_prompt", S("hi")}});
  other.AddRecord(1, "user_prompt", "claude_code.user_prompt", {{"prompt", S("hi")}}).scope_name =
      "com.anthropic.claude_code.events";
  const Reading reading = other.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< user text: hi"));
  EXPECT_EQ(reading.messages[0].sources, kFromLog | kFromSpanAttribute);
}

TEST_F(ClaudeCodeTest, KnowsWhyTheModelStopped) {
  build.AddSpan("claude_code.llm_request",
                {{"request_id", S("r2")}, {"stop_reason", S("end_turn")}}, 1);
  AddEvent(5, "assistant_response", "claude_code.assistant_response", {{"response", S("Bye.")}});
  EXPECT_EQ(build.Read().messages[0].finish_reason, "end_turn");
}

TEST_F(ClaudeCodeTest, LeavesOtherApplicationsRecordsAlone) {
  LogRecord& record =
      build.AddRecord(1, "user_prompt", "a user prompt came", {{"prompt", S("not ours")}});
  record.scope_name = "my.app";
  EXPECT_THAT(build.Read().messages, IsEmpty());
}

TEST_F(ClaudeCodeTest, CountsNoTokensThatNoCallCanHave) {
  AddEvent(2, "api_request", "claude_code.api_request",
           {{"model", S("opus")},
            {"input_tokens", S("9223372036854775807")},
            {"cache_read_tokens", S("9e18")},
            {"output_tokens", S("8")}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.record_calls.size(), 1u);
  EXPECT_EQ(reading.record_calls[0].usage.input_tokens, -1);
  EXPECT_EQ(reading.record_calls[0].usage.cache_read_tokens, -1);
  EXPECT_EQ(reading.record_calls[0].usage.output_tokens, 8);
}

}  // namespace
}  // namespace spanlog::genai
