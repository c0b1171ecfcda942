// A trace out of log records alone.
#include "genai/rebuild.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::Lines;
using testing::S;

constexpr int64_t kSecond = 1'000'000'000;

class RebuildTest : public ::testing::Test {
 protected:
  LogRecord& Add(std::string_view scope, std::string_view event, int64_t at_s,
                 testing::Pairs metadata) {
    LogRecord& record = build.AddRecord(0, event, "", metadata);
    record.scope_name = scope;
    record.time_ns = at_s * kSecond;
    return record;
  }
  void Rebuild() {
    build.trace = RebuildTrace(build.logs, TraceId());
    reading = build.Read();
  }
  const Span* Find(std::string_view name) const {
    for (const Span& span : build.trace.spans) {
      if (span.name == name) return &span;
    }
    return nullptr;
  }
  Build build;
  Reading reading;
};

TEST_F(RebuildTest, MakesASessionWithItsPromptRequestAndTool) {
  constexpr std::string_view kScope = "com.anthropic.claude_code.events";
  Add(kScope, "user_prompt", 10,
      {{"session_id", S("s")}, {"prompt_id", S("p")}, {"prompt", S("hi")}});
  Add(kScope, "api_request", 15,
      {{"session_id", S("s")},
       {"prompt_id", S("p")},
       {"request_id", S("r")},
       {"duration_ms", S("3000")},
       {"model", S("opus")},
       {"input_tokens", S("2")}});
  Add(kScope, "tool_result", 16,
      {{"session_id", S("s")},
       {"prompt_id", S("p")},
       {"tool_use_id", S("t")},
       {"tool_name", S("Bash")},
       {"error", S("no")},
       {"success", S("false")}});
  Rebuild();
  ASSERT_EQ(build.trace.spans.size(), 4u);
  const Span* session = Find("claude_code.session");
  const Span* request = Find("claude_code.llm_request");
  ASSERT_TRUE(session != nullptr && request != nullptr);
  EXPECT_EQ(session->start_ns, 10 * kSecond);
  EXPECT_EQ(session->end_ns, 16 * kSecond);
  EXPECT_EQ(request->start_ns, 12 * kSecond);
  EXPECT_EQ(request->parent_span_id, Find("claude_code.interaction")->span_id);
  EXPECT_EQ(Find("claude_code.tool")->status, StatusCode::kError);
  EXPECT_THAT(Lines(reading), ElementsAre("< user text: hi", "> tool result failed Bash t: no"));
  EXPECT_EQ(reading.calls[2].model, "opus");
}

TEST_F(RebuildTest, ReadsCodexBySessionAndCall) {
  Add("codex_otel.log_only", "codex.user_prompt", 10,
      {{"conversation_id", S("c")}, {"prompt", S("hi")}});
  Add("codex_otel.log_only", "codex.tool_result", 12,
      {{"conversation_id", S("c")}, {"call_id", S("k")}, {"output", S("ok")}});
  Rebuild();
  ASSERT_EQ(build.trace.spans.size(), 2u);
  EXPECT_EQ(build.trace.spans[1].parent_span_id, build.trace.spans[0].span_id);
  EXPECT_THAT(Lines(reading), ElementsAre("< user text: hi", "> tool result k: ok"));
}

TEST_F(RebuildTest, KeepsSessionsApart) {
  Add("gemini-cli", "gemini_cli.user_prompt", 10, {{"session_id", S("a")}, {"prompt", S("x")}});
  Add("gemini-cli", "gemini_cli.user_prompt", 11, {{"session_id", S("b")}, {"prompt", S("y")}});
  Rebuild();
  EXPECT_EQ(build.trace.spans.size(), 2u);
  EXPECT_EQ(reading.messages[0].span, 0u);
  EXPECT_EQ(reading.messages[1].span, 1u);
}

TEST_F(RebuildTest, MakesNothingOfRecordsWithoutIds) {
  build.AddRecord(0, "", "plain");
  Rebuild();
  EXPECT_TRUE(build.trace.spans.empty());
  EXPECT_TRUE(reading.messages.empty());
}

}  // namespace
}  // namespace spanlog::genai
