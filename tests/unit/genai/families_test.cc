// ADK, google-genai, Pydantic AI, Semantic Kernel and evaluations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::I;
using testing::Lines;
using testing::S;

TEST(AdkTest, ReadsRequestsAndResponses) {
  Build build;
  build.trace.scopes[0].name = "gcp.vertex.agent";
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

TEST(AdkTest, TakesItsMarkersForNothing) {
  Build build;
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

TEST(GoogleGenaiTest, PutsParametersTogetherByTheirTypes) {
  Build build;
  build.AddSpan("execute_tool f", {{"gen_ai.operation.name", S("execute_tool")},
                                   {"gen_ai.tool.name", S("f")},
                                   {"code.function.parameters.city.type", S("str")},
                                   {"code.function.parameters.city.value", S("Goa")},
                                   {"code.function.parameters.days.type", S("int")},
                                   {"code.function.parameters.days.value", S("3")},
                                   {"code.function.parameters.deep.type", S("bool")},
                                   {"code.function.parameters.deep.value", S("True")},
                                   {"code.function.return.value", S("31°C")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre(R"(< tool call f {"city":"Goa","days":3,"deep":true})", "> tool result f: 31°C"));
}

TEST(PydanticTest, ReadsItsFirstFormat) {
  Build build;
  build.trace.scopes[0].name = "pydantic-ai";
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

TEST(PydanticTest, LeavesOutWhatTheAgentsSpanRepeatsAndKeepsWhatItAdds) {
  Build build;
  build.trace.scopes[0].name = "pydantic-ai";
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

TEST(SemanticKernelTest, KnowsTheLoopAroundTheCalls) {
  Build build;
  build.AddSpan("AutoFunctionInvocationLoop", {{"sk.available_functions", S("w-f")}});
  build.AddSpan("chat m", {{"gen_ai.operation.name", S("chat")}}, 1);
  build.AddRecord(2, "gen_ai.user.message", R"({"role": "user", "content": "Rain?"})");
  const Reading reading = build.Read();
  EXPECT_EQ(reading.calls[0].kind, CallKind::kAgent);
  EXPECT_THAT(Lines(reading), ElementsAre("< user text: Rain?"));
}

TEST(EvaluationTest, ShowsTheExplanationUnderItsVerdict) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.response.id", S("r")}});
  build.AddRecord(0, "gen_ai.evaluation.result", "",
                  {{"gen_ai_response_id", S("r")},
                   {"gen_ai_evaluation_name", S("Relevance")},
                   {"gen_ai_evaluation_score_value", S("0.25")},
                   {"gen_ai_evaluation_score_label", S("fail")},
                   {"gen_ai_evaluation_explanation", S("No <source>.")}});
  build.AddRecord(1, "gen_ai.evaluation.result", "",
                  {{"gen_ai_evaluation_name", S("Toxicity")}, {"error_type", S("timeout")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("> evaluation evaluation: No <source>.",
                                          "> evaluation evaluation: Toxicity (timeout)"));
  EXPECT_EQ(reading.messages[0].name, "Relevance = 0.25 fail");
  EXPECT_EQ(reading.messages[0].span, 0u);
  EXPECT_EQ(reading.records[0].match, "response_id");
}

}  // namespace
}  // namespace spanlog::genai
