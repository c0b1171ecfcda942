// Google ADK: its own attributes; newer versions write OpenTelemetry's details events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Lines;
using testing::S;

class AdkTest : public ::testing::Test {
 protected:
  AdkTest() { build.trace.scopes[0].name = "gcp.vertex.agent"; }
  Build build;
};

TEST_F(AdkTest, ReadsRequestsAndResponses) {
  build.AddSpan(
      "call_llm",
      {{"gcp.vertex.agent.session_id", S("s-1")},
       {"gcp.vertex.agent.llm_request",
        S(R"({"model":"gemini-3","config":{"system_instruction":{"parts":[{"text":"Keep books."}]}},)"
          R"("contents":[{"role":"user","parts":[{"text":"Add 17"}]},)"
          R"({"role":"model","parts":[{"functionCall":{"id":"c","name":"add","args":{"n":17}}}]},)"
          R"({"role":"user","parts":[{"functionResponse":{"id":"c","name":"add","response":{"r":"ok"}}}]}]})")},
       {"gcp.vertex.agent.llm_response",
        S(R"({"content":{"role":"model","parts":[{"text":"Done."}]},"finish_reason":"STOP",)"
          R"("usage_metadata":{"prompt_token_count":70,"candidates_token_count":8,"thoughts_token_count":2}})")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< system text: Keep books.", "< user text: Add 17",
                          R"(< assistant call add c {"n":17})",
                          R"(< tool result add c: {"r":"ok"})", "> assistant text: Done."));
  EXPECT_EQ(reading.messages.back().finish_reason, "STOP");
  EXPECT_EQ(reading.calls[0].kind, CallKind::kModel);
  EXPECT_EQ(reading.calls[0].input_tokens, 70);
  EXPECT_EQ(reading.calls[0].output_tokens, 10);  // thoughts are output
  EXPECT_EQ(reading.calls[0].conversation_id, "s-1");
}

TEST_F(AdkTest, ReadsTheOtherShapesOfARequest) {
  build.AddSpan(
      "call_llm",
      {{"gcp.vertex.agent.llm_request",
        S(R"({"model":"gemini-3","config":{"system_instruction":["Be brief.","Be kind."]},)"
          R"("contents":[{"role":"user","parts":[{"text":"what is this?"},)"
          R"({"inline_data":{"mime_type":"image/png","data":"iVBORw0KGgo="}},)"
          R"({"file_data":{"mime_type":"video/mp4","file_uri":"gs://b/v.mp4"}}]},)"
          R"({"role":"model","parts":[{"text":"I think","thought":true},)"
          R"({"function_call":{"name":"f","args":{}}},{"function_call":{"name":"g","args":{"x":1}}}]}]})")},
       {"gcp.vertex.agent.llm_response",
        S(R"({"content":{"role":"model","parts":[{"thought":true,"text":"hm"},{"text":"A cat."}]}})")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre("< system text: Be brief.", "< system text: Be kind.",
                  "< user text: what is this?", "< user media: [image image/png, 8 B]",
                  "< user media: [video video/mp4, gs://b/v.mp4]", "< assistant reasoning: I think",
                  "< assistant call f {}", R"(< assistant call g {"x":1})",
                  "> assistant reasoning: hm", "> assistant text: A cat."));
}

TEST_F(AdkTest, TakesItsMarkersForNothing) {
  build.AddSpan("execute_tool add", {{"gen_ai.operation.name", S("execute_tool")},
                                     {"gen_ai.tool.name", S("add")},
                                     {"gcp.vertex.agent.llm_request", S("{}")},
                                     {"gcp.vertex.agent.llm_response", S("{}")},
                                     {"gcp.vertex.agent.tool_call_args", S(R"({"n":1})")},
                                     {"gcp.vertex.agent.tool_response", S("<not serializable>")}});
  build.AddSpan("execute_tool x", {{"gen_ai.tool.name", S("x")},
                                   {"gcp.vertex.agent.tool_call_args", S("N/A")},
                                   {"gcp.vertex.agent.tool_response", S("N/A")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool call add {"n":1})", "> tool result redacted add"));
}

TEST_F(AdkTest, ShowsTheAnswersOfParallelToolsOnce) {
  build.AddSpan("execute_tool f", {{"gen_ai.operation.name", S("execute_tool")},
                                   {"gen_ai.tool.name", S("f")},
                                   {"gen_ai.tool.call.id", S("c1")},
                                   {"gcp.vertex.agent.tool_call_args", S("{}")},
                                   {"gcp.vertex.agent.tool_response", S(R"({"result": "one"})")}});
  build.AddSpan(
      "execute_tool (merged tools)",
      {{"gen_ai.operation.name", S("execute_tool")},
       {"gen_ai.tool.name", S("(merged tools)")},
       {"gcp.vertex.agent.tool_call_args", S("N/A")},
       {"gcp.vertex.agent.tool_response",
        S(R"({"content":{"parts":[{"function_response":{"id":"c1","response":{"result":"one"}}}]}})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< tool call f c1 {}", R"(> tool result f c1: {"result": "one"})"));
}

TEST_F(AdkTest, ReadsWhatIsSentToALiveModel) {
  build.AddSpan("send_data", {{"gcp.vertex.agent.data",
                               S(R"([{"role":"user","parts":[{"text":"hello, live"}]}])")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: hello, live"));
}

TEST_F(AdkTest, ReadsDetailsEventsWithEmptyRoles) {
  build.AddSpan("generate_content gemini-3", {{"gen_ai.operation.name", S("generate_content")}});
  build.AddRecord(
      1, "gen_ai.client.inference.operation.details", "",
      {{"gen_ai_input_messages",
        S(R"([{"role":"user","parts":[{"type":"tool_call_response","id":"c","response":{"t":27}}]}])")},
       {"gen_ai_output_messages",
        S(R"([{"role":"","parts":[{"type":"text","content":"Clear."}],"finish_reason":""}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool result c: {"t":27})", "> assistant text: Clear."));
}

TEST_F(AdkTest, NamesItsOwnSwitchWhenACallSaysNothing) {
  build.AddSpan("call_llm", {{"gen_ai.request.model", S("gemini-3")},
                             {"gcp.vertex.agent.llm_request", S("{}")},
                             {"gcp.vertex.agent.llm_response", S("{}")}});
  EXPECT_THAT(build.Read().findings,
              ElementsAre(HasSubstr("ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS")));
}

TEST_F(AdkTest, CountsNoTokensThatNoCallCanHave) {
  build.AddSpan(
      "call_llm",
      {{"gcp.vertex.agent.llm_response",
        S(R"({"usage_metadata":{"prompt_token_count":1e300,"candidates_token_count":9223372036854775807,)"
          R"("thoughts_token_count":9e18,"cached_content_token_count":-5}})")}});
  const CallUsage call = build.Read().calls[0];
  EXPECT_EQ(call.input_tokens, -1);
  EXPECT_EQ(call.output_tokens, -1);
  EXPECT_EQ(call.reasoning_tokens, -1);
  EXPECT_EQ(call.cache_read_tokens, -1);
}

}  // namespace
}  // namespace spanlog::genai
