#include "genai/rebuild.h"

#include <gtest/gtest.h>

#include "fake_stores.h"
#include "genai/reader.h"

namespace spanlog::query {
namespace {

TEST(RebuildTest, MakesASessionWithItsPromptRequestAndTool) {
  const Attribute prompt[] = {{"session_id", Value::String("s")}, {"prompt_id", Value::String("p")}};
  const Attribute request[] = {{"session_id", Value::String("s")}, {"prompt_id", Value::String("p")},
                               {"request_id", Value::String("r")},
                               {"duration_ms", Value::String("3000")},
                               {"model", Value::String("opus")},
                               {"input_tokens", Value::String("2")}};
  const Attribute tool[] = {{"session_id", Value::String("s")}, {"prompt_id", Value::String("p")},
                            {"tool_use_id", Value::String("t")},
                            {"success", Value::String("false")}};
  LogBatch logs = Batch({Record("claude_code.user_prompt", kStart),
                         Record("claude_code.api_request", kStart + 5'000'000'000),
                         Record("claude_code.tool_result", kStart + 6'000'000'000)});
  logs.records[0].metadata = prompt;
  logs.records[1].metadata = request;
  logs.records[2].metadata = tool;
  for (LogRecord& record : logs.records) record.scope_name = "com.anthropic.claude_code.events";
  const Trace trace = genai::RebuildTrace(logs, TraceId());

  ASSERT_EQ(trace.spans.size(), 4u);
  EXPECT_EQ(trace.spans[0].name, "claude_code.session");
  EXPECT_EQ(trace.spans[0].end_ns, kStart + 6'000'000'000);
  EXPECT_EQ(trace.spans[2].name, "claude_code.llm_request");
  EXPECT_EQ(trace.spans[2].start_ns, kStart + 2'000'000'000);
  EXPECT_EQ(trace.spans[2].parent_span_id, trace.spans[1].span_id);
  EXPECT_EQ(trace.spans[3].status, StatusCode::kError);
  EXPECT_EQ(genai::Read(trace, logs).calls[2].model, "opus");
}

TEST(RebuildTest, MakesNothingOfRecordsWithoutIds) {
  EXPECT_TRUE(genai::RebuildTrace(Batch({Record("plain")}), TraceId()).spans.empty());
}

}  // namespace
}  // namespace spanlog::query
