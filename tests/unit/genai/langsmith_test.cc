// LangSmith's OpenTelemetry exporter: whole runs as JSON under gen_ai.prompt and gen_ai.completion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::Lines;
using testing::S;

const std::pair<std::string_view, Value> kLlm = {"langsmith.span.kind", S("llm")};
const std::pair<std::string_view, Value> kChain = {"langsmith.span.kind", S("chain")};

TEST(LangSmithTest, ReadsLangChainsMessagesAndGenerations) {
  Build build;
  build.AddSpan(
      "ChatOpenAI",
      {kLlm,
       {"gen_ai.prompt",
        S(R"({"messages":[[{"lc":1,"type":"constructor","id":["langchain","schema","messages","SystemMessage"],"kwargs":{"content":"Be brief.","type":"system"}},)"
          R"({"lc":1,"type":"constructor","id":["langchain","schema","messages","HumanMessage"],"kwargs":{"content":[{"type":"text","text":"Rain?"}],"type":"human"}},)"
          R"({"lc":1,"type":"constructor","id":["langchain","schema","messages","AIMessage"],"kwargs":{"content":"","type":"ai","tool_calls":[{"name":"f","args":{"a":1},"id":"c1","type":"tool_call"}],"additional_kwargs":{"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}}]}}},)"
          R"({"lc":1,"type":"constructor","id":["langchain","schema","messages","ToolMessage"],"kwargs":{"content":"no","type":"tool","tool_call_id":"c1"}}]]})")},
       {"gen_ai.completion",
        S(R"({"generations":[[{"text":"No.","generation_info":{"finish_reason":"stop"},"type":"ChatGeneration","message":{"lc":1,"type":"constructor",)"
          R"("id":["langchain","schema","messages","AIMessage"],"kwargs":{"content":"No.","type":"ai","response_metadata":{"finish_reason":"stop"}}}}]],"llm_output":{"model_name":"m"},"type":"LLMResult"})")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< system text: Be brief.", "< user text: Rain?",
                                          R"(< assistant call f c1 {"a":1})",
                                          "< tool result f c1: no", "> assistant text: No."));
  EXPECT_EQ(reading.messages.back().finish_reason, "stop");
  EXPECT_EQ(reading.calls[0].kind, CallKind::kModel);
}

TEST(LangSmithTest, ReadsTheRequestsOfWrappedClients) {
  Build build;
  build.AddSpan(
      "ChatOpenAI",
      {kLlm,
       {"gen_ai.prompt", S(R"({"messages":[{"role":"user","content":"hi"}],"model":"gpt-5"})")},
       {"gen_ai.completion",
        S(R"({"id":"x","choices":[{"finish_reason":"stop","index":0,"message":{"content":"a","role":"assistant"}},)"
          R"({"finish_reason":"length","index":1,"message":{"content":"b","role":"assistant"}}],"model":"gpt-5"})")}});
  build.AddSpan(
      "ChatAnthropic",
      {kLlm,
       {"gen_ai.prompt",
        S(R"({"messages":[{"role":"user","content":"hi"}],"system":"Be brief."})")},
       {"gen_ai.completion",
        S(R"({"id":"m","type":"message","role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"ho"}],"stop_reason":"end_turn"})")}});
  build.AddSpan(
      "openai.responses",
      {kLlm,
       {"gen_ai.prompt", S(R"({"input":"hi","instructions":"S","model":"gpt-5"})")},
       {"gen_ai.completion",
        S(R"({"output":[{"type":"reasoning","summary":[]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"ho"}]}]})")}});
  build.AddSpan(
      "OpenAI",
      {kLlm,
       {"gen_ai.prompt", S(R"({"prompts":["Once upon"]})")},
       {"gen_ai.completion",
        S(R"({"generations":[[{"text":" a time","generation_info":null,"type":"Generation"}]]})")}});
  const Reading reading = build.Read();
  ASSERT_THAT(
      Lines(reading),
      ElementsAre("< user text: hi", "> assistant text: a", "> assistant text: b",
                  "< system text: Be brief.", "< user text: hi", "> assistant reasoning: hm",
                  "> assistant text: ho", "< system text: S", "< user text: hi",
                  "> assistant text: ho", "< user text: Once upon", "> assistant text:  a time"));
  EXPECT_EQ(reading.messages[2].choice, 1);
  EXPECT_EQ(reading.messages[2].finish_reason, "length");
  EXPECT_EQ(reading.messages[6].finish_reason, "end_turn");
}

TEST(LangSmithTest, ShowsTheWordsOfAPlainRun) {
  Build build;
  build.AddSpan("answer", {kChain,
                           {"gen_ai.prompt", S(R"({"question":"Rain?"})")},
                           {"gen_ai.completion", S(R"({"output":"No."})")}});
  build.AddSpan(
      "score",
      {kChain, {"gen_ai.prompt", S(R"({"a":1,"b":"x"})")}, {"gen_ai.completion", S("not json")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: Rain?", "> assistant text: No.",
                          R"(< user text: {"a":1,"b":"x"})", "> assistant text: not json"));
}

TEST(LangSmithTest, ReadsToolsAndRetrievers) {
  Build build;
  build.AddSpan(
      "f",
      {{"langsmith.span.kind", S("tool")},
       {"gen_ai.prompt", S(R"({"input":"{'a': 1, 'b': 'x'}"})")},
       {"gen_ai.completion",
        S(R"({"output":{"content":"done","type":"tool","name":"f","tool_call_id":"c1","status":"success"}})")}});
  build.AddSpan("g", {{"langsmith.span.kind", S("tool")},
                      {"gen_ai.prompt", S(R"({"input":"museums in Paris"})")},
                      {"gen_ai.completion", S(R"({"output":"Louvre"})")}});
  build.AddSpan("kb", {{"langsmith.span.kind", S("retriever")},
                       {"gen_ai.prompt", S(R"({"query":"museums"})")},
                       {"gen_ai.completion", S(R"({"documents":[{"page_content":"Louvre"}]})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool call f {"a":1,"b":"x"})", "> tool result f c1: done",
                          R"(< tool call g {"input":"museums in Paris"})",
                          "> tool result g: Louvre", "< user text: museums",
                          R"(> tool result kb: {"documents":[{"page_content":"Louvre"}]})"));
}

TEST(LangSmithTest, LeavesOutWhatAGraphRepeatsOfItsCalls) {
  Build build;
  build.AddSpan(
      "LangGraph",
      {kChain,
       {"gen_ai.prompt", S(R"({"messages":[["human","Rain?"]]})")},
       {"gen_ai.completion",
        S(R"({"messages":[{"content":"Rain?","type":"human"},{"content":"No.","type":"ai"}]})")}});
  build.AddSpan(
      "ChatOpenAI",
      {kLlm,
       {"gen_ai.prompt", S(R"({"messages":[{"role":"user","content":"Rain?"}]})")},
       {"gen_ai.completion",
        S(R"({"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"No."}}]})")}},
      1);
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: Rain?", "> assistant text: No."));
}

TEST(LangSmithTest, ReadsARunThatTheStoreCut) {
  Build build;
  build.AddSpan(
      "ChatOpenAI",
      {kLlm,
       {"gen_ai.prompt",
        S(R"({"messages":[{"role":"user","content":"first"},{"role":"user","content":"seco)")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: first", "< user text cut: seco"));
}

}  // namespace
}  // namespace spanlog::genai
