// Codex CLI: content only in the attributes of its log events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Lines;
using testing::S;

// run_turn 1 → exec_command 2.
class CodexTest : public ::testing::Test {
 protected:
  CodexTest() {
    build.trace.scopes[0].name = "codex_otel";
    build.AddSpan("run_turn", {{"model", S("gpt-5-codex")}, {"conversation.id", S("c1")}});
    build.AddSpan("exec_command", {{"tool_name", S("shell")}, {"call_id", S("call_1")}}, 1);
  }
  void AddEvent(uint64_t span, std::string_view name, testing::Pairs metadata) {
    build.AddRecord(span, name, "", metadata).scope_name = "codex_otel.log_only";
  }
  Build build;
};

TEST_F(CodexTest, ReadsPromptsAndToolResults) {
  AddEvent(1, "codex.user_prompt", {{"prompt", S("Count <lines>")}});
  AddEvent(2, "codex.tool_result",
           {{"tool_name", S("shell")},
            {"call_id", S("call_1")},
            {"arguments", S(R"({"command": ["wc", "-l"]})")},
            {"output", S("Exit code: 0\n42")},
            {"output_truncated", S("false")},
            {"success", S("true")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: Count <lines>",
                          "> tool result shell call_1 {\"command\": [\"wc\", \"-l\"]}: "
                          "Exit code: 0\n42"));
}

TEST_F(CodexTest, KnowsAToolThatFailed) {
  AddEvent(2, "codex.tool_result",
           {{"tool_name", S("shell")},
            {"call_id", S("call_1")},
            {"output", S("Exit code: 1")},
            {"success", S("false")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("> tool result failed shell call_1: Exit code: 1"));
}

TEST_F(CodexTest, TellsEventsByTheirAttributesWhenTheNameIsALineOfCode) {
  AddEvent(1, "event otel/src/events/session.rs:214",
           {{"prompt", S("hi")}, {"prompt_length", S("2")}});
  AddEvent(2, "event otel/src/events/session.rs:399",
           {{"tool_name", S("shell")}, {"call_id", S("call_1")}, {"output", S("ok")}});
  AddEvent(1, "event otel/src/events/session.rs:301",
           {{"event_kind", S("response.completed")},
            {"model", S("gpt-5-codex")},
            {"input_token_count", S("3120")},
            {"output_token_count", S("64")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< user text: hi", "> tool result shell call_1: ok"));
  EXPECT_EQ(reading.records[2].title, "gpt-5-codex · 3.1k→64 tokens");
}

TEST_F(CodexTest, CountsTheTokensThatOnlyItsRecordsName) {
  AddEvent(1, "codex.sse_event",
           {{"event_kind", S("response.completed")},
            {"model", S("gpt-5-codex")},
            {"input_token_count", S("3120")},
            {"cached_token_count", S("2048")},
            {"output_token_count", S("64")},
            {"reasoning_token_count", S("32")}});
  AddEvent(1, "codex.sse_event", {{"event_kind", S("response.created")}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.record_calls.size(), 1u);
  const CallUsage& usage = reading.record_calls[0].usage;
  EXPECT_EQ(reading.record_calls[0].span, 0u);
  EXPECT_EQ(usage.input_tokens, 3120);
  EXPECT_EQ(usage.output_tokens, 64);
  EXPECT_EQ(usage.cache_read_tokens, 2048);
  EXPECT_EQ(usage.reasoning_tokens, 32);
}

TEST_F(CodexTest, SaysWhatSwitchesPromptsOn) {
  AddEvent(1, "codex.user_prompt", {{"prompt", S("[REDACTED]")}, {"prompt_length", S("12")}});
  AddEvent(1, "codex.user_prompt", {{"prompt_length", S("12")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< user text redacted", "< user text off"));
  EXPECT_THAT(reading.findings, ElementsAre(HasSubstr("log_user_prompt = true")));
}

TEST_F(CodexTest, SaysThatCodexItselfCutAnOutput) {
  AddEvent(2, "codex.tool_result",
           {{"tool_name", S("shell")},
            {"call_id", S("call_1")},
            {"output", S("half")},
            {"output_truncated", S("true")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("> tool result cut shell call_1: half"));
  EXPECT_THAT(reading.messages[0].hint, HasSubstr("Codex cut"));
  // Nothing the trace store could do about it.
  EXPECT_THAT(reading.findings, IsEmpty());
}

TEST_F(CodexTest, PlacesRecordsWithoutTraceIds) {
  AddEvent(0, "codex.user_prompt", {{"prompt", S("hi")}, {"conversation_id", S("c1")}});
  AddEvent(0, "codex.tool_result",
           {{"call_id", S("call_1")}, {"output", S("ok")}, {"conversation_id", S("c1")}});
  AddEvent(0, "codex.api_request", {{"conversation_id", S("c1")}, {"duration_ms", S("1890")}});
  const Reading reading = build.Read();
  EXPECT_EQ(reading.records[0].span, 0u);
  EXPECT_EQ(reading.records[1].span, 1u);
  EXPECT_EQ(reading.records[1].match, "tool_call_id");
  EXPECT_EQ(reading.records[2].span, 0u);
}

TEST_F(CodexTest, TakesNothingFromTheTwinsWithoutContent) {
  for (const std::string_view scope : {"codex_otel.log_only", "codex_otel.trace_safe"}) {
    build.AddRecord(1, "codex.sse_event", "", {{"output_token_count", S("64")}}).scope_name = scope;
  }
  build.AddRecord(1, "codex.user_prompt", "", {{"prompt_length", S("12")}}).scope_name =
      "codex_otel.trace_safe";
  const Reading reading = build.Read();
  EXPECT_EQ(reading.record_calls.size(), 1u);
  EXPECT_THAT(reading.messages, IsEmpty());
  EXPECT_EQ(reading.records[2].title, "user_prompt");
  EXPECT_THAT(reading.findings, IsEmpty());
}

TEST_F(CodexTest, NamesEventsThatAreNoMessages) {
  AddEvent(1, "codex.api_request",
           {{"model", S("gpt-5-codex")},
            {"duration_ms", S("1890")},
            {"http_response_status_code", S("429")},
            {"error_message", S("slow down")}});
  AddEvent(2, "codex.tool_decision",
           {{"tool_name", S("shell")}, {"decision", S("approved")}, {"source", S("config")}});
  AddEvent(1, "codex.brand_new", {{"model", S("gpt-5-codex")}});
  const Reading reading = build.Read();
  EXPECT_THAT(reading.messages, IsEmpty());
  EXPECT_EQ(reading.records[0].title, "gpt-5-codex · 1.89 s · HTTP 429 slow down");
  EXPECT_EQ(reading.records[1].title, "shell approved by config");
  EXPECT_EQ(reading.records[2].title, "brand_new gpt-5-codex");
}

}  // namespace
}  // namespace spanlog::genai
