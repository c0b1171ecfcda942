// OpenLLMetry: its old flattened lists as each instrumentation writes them, and its own spans.
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

TEST(OpenLlmetryTest, ReadsAChatWithToolsAndOrdersItByNumber) {
  Build build;
  build.AddSpan("openai.chat", {{"llm.request.type", S("chat")},
                                {"gen_ai.prompt.10.role", S("user")},
                                {"gen_ai.prompt.10.content", S("And now?")},
                                {"gen_ai.prompt.0.role", S("system")},
                                {"gen_ai.prompt.0.content", S("Be brief.")},
                                {"gen_ai.prompt.2.role", S("assistant")},
                                {"gen_ai.prompt.2.tool_calls.0.id", S("c1")},
                                {"gen_ai.prompt.2.tool_calls.0.name", S("f")},
                                {"gen_ai.prompt.2.tool_calls.0.arguments", S(R"({"a": "\u4e0a"})")},
                                {"gen_ai.prompt.3.role", S("tool")},
                                {"gen_ai.prompt.3.content", S(R"([{"no": "AF1"}])")},
                                {"gen_ai.prompt.3.tool_call_id", S("c1")},
                                {"gen_ai.prompt.prompt_filter_results", S("[{}]")},
                                {"gen_ai.completion.0.role", S("assistant")},
                                {"gen_ai.completion.0.content", S("Two.")},
                                {"gen_ai.completion.0.finish_reason", S("stop")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< system text: Be brief.", R"(< assistant call f c1 {"a": "上"})",
                          R"(< tool result f c1: [{"no": "AF1"}])", "< user text: And now?",
                          "> assistant text: Two."));
  EXPECT_EQ(reading.messages.back().finish_reason, "stop");
  EXPECT_EQ(reading.messages.back().choice, -1);
}

TEST(OpenLlmetryTest, ReadsAnthropicsContentLists) {
  Build build;
  build.AddSpan(
      "anthropic.chat",
      {{"llm.request.type", S("chat")},
       {"gen_ai.prompt.0.role", S("user")},
       {"gen_ai.prompt.0.content",
        S(R"([{"type": "text", "text": "What is it?"}, {"type": "image", "source": )"
          R"({"type": "base64", "media_type": "image/png", "data": "aGVsbG8gd29ybGQ="}}])")},
       {"gen_ai.prompt.1.role", S("assistant")},
       {"gen_ai.prompt.1.content",
        S(R"([{"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}}])")},
       {"gen_ai.prompt.2.role", S("user")},
       {"gen_ai.prompt.2.content",
        S(R"([{"type": "tool_result", "tool_use_id": "t1", "content": "rainy"}])")},
       {"gen_ai.completion.0.role", S("thinking")},
       {"gen_ai.completion.0.content", S("A ferry?")},
       {"gen_ai.completion.0.finish_reason", S("end_turn")},
       {"gen_ai.completion.1.role", S("assistant")},
       {"gen_ai.completion.1.content", S("A ferry.")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user text: What is it?", "< user media: [image image/png, 11 B]",
                          R"(< assistant call f t1 {"a": 1})", "< tool result f t1: rainy",
                          "> assistant reasoning: A ferry?", "> assistant text: A ferry."));
  EXPECT_EQ(reading.messages.back().choice, -1);
}

TEST(OpenLlmetryTest, ReadsBedrocksTextsThatAreJson) {
  Build build;
  build.trace.scopes[0].name = "opentelemetry.instrumentation.bedrock";
  build.AddSpan("bedrock.converse",
                {{"gen_ai.prompt.0.role", S("user")},
                 {"gen_ai.prompt.0.content", S(R"([{"text": "hi"}])")},
                 {"gen_ai.prompt.1.role", S("user")},
                 {"gen_ai.prompt.1.content", S(R"("line one\nline \"two\"")")},
                 {"gen_ai.completion.0.role", S("assistant")},
                 {"gen_ai.completion.0.content", S(R"([{"type": "text", "text": "ho"}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: hi", "< user text: line one\nline \"two\"",
                          "> assistant text: ho"));
}

TEST(OpenLlmetryTest, LeavesQuotedWordsOfOthersAlone) {
  Build build;
  build.AddSpan("openai.chat", {{"gen_ai.prompt.0.role", S("user")},
                                {"gen_ai.prompt.0.content", S(R"("No entry")")},
                                {"gen_ai.prompt.1.role", S("user")},
                                {"gen_ai.prompt.1.content", S(R"([{"no": 1}, {"no": 2}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< user text: "No entry")", R"(< user text: [{"no": 1}, {"no": 2}])"));
}

TEST(OpenLlmetryTest, ReadsTextsThatStandUnderTheirRoleOrWithoutANumber) {
  Build build;
  build.AddSpan("openai.completion", {{"llm.request.type", S("completion")},
                                      {"gen_ai.prompt.0.user", S("Once upon")},
                                      {"gen_ai.completion.0.content", S(" a time")}});
  build.AddSpan("llama_index.chat", {{"gen_ai.prompt.0.role", S("user")},
                                     {"gen_ai.prompt.0.content", S("hi")},
                                     {"gen_ai.completion.role", S("assistant")},
                                     {"gen_ai.completion.content", S("ho")}});
  build.AddSpan("openai.chat", {{"llm.prompts.0.role", S("user")},
                                {"llm.prompts.0.content", S("old")},
                                {"llm.completions.0.content", S("names")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: Once upon", "> assistant text:  a time", "< user text: hi",
                          "> assistant text: ho", "< user text: old", "> assistant text: names"));
}

TEST(OpenLlmetryTest, TakesTheEmptyContentBesideACallForNothing) {
  for (const std::string_view nothing : {R"("")", "[]", "null", ""}) {
    Build build;
    build.AddSpan("ChatOpenAI.chat", {{"gen_ai.completion.0.role", S("assistant")},
                                      {"gen_ai.completion.0.content", S(nothing)},
                                      {"gen_ai.completion.0.tool_calls.0.id", S("c1")},
                                      {"gen_ai.completion.0.tool_calls.0.name", S("f")},
                                      {"gen_ai.completion.0.tool_calls.0.arguments", S("{}")}});
    EXPECT_THAT(Lines(build.Read()), ElementsAre("> assistant call f c1 {}")) << nothing;
  }
}

TEST(OpenLlmetryTest, ReadsRefusalsReasoningAndOldFunctionCalls) {
  Build build;
  build.AddSpan("openai.chat", {{"gen_ai.completion.0.role", S("assistant")},
                                {"gen_ai.completion.0.refusal", S("I can't.")}});
  build.AddSpan("openai.response",
                {{"gen_ai.completion.0.role", S("assistant")},
                 {"gen_ai.completion.0.reasoning",
                  S(R"([{"text": "First.", "type": "summary_text"}, {"text": "Then."}])")},
                 {"gen_ai.completion.0.content", S("Done.")}});
  build.AddSpan("openai.chat", {{"gen_ai.completion.0.role", S("assistant")},
                                {"gen_ai.completion.0.function_call.name", S("g")},
                                {"gen_ai.completion.0.function_call.arguments", S("{}")}});
  build.AddSpan("openai.chat", {{"gen_ai.completion.0.role", S("assistant")},
                                {"gen_ai.completion.0.content", S("FILTERED")},
                                {"gen_ai.completion.0.finish_reason", S("content_filter")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("> assistant text: I can't.", "> assistant reasoning: First.",
                          "> assistant reasoning: Then.", "> assistant text: Done.",
                          "> assistant call g {}", "> assistant text redacted"));
}

TEST(OpenLlmetryTest, ReadsDecoratedFunctionsWithoutTheirWrapping) {
  Build build;
  build.AddSpan("plan.workflow",
                {{"traceloop.span.kind", S("workflow")},
                 {"traceloop.entity.name", S("plan")},
                 {"traceloop.entity.input", S(R"({"args": ["Rain?"], "kwargs": {}})")},
                 {"traceloop.entity.output", S(R"("No.")")}});
  build.AddSpan("add.tool", {{"traceloop.span.kind", S("tool")},
                             {"traceloop.entity.name", S("add")},
                             {"traceloop.entity.input", S(R"({"args": [], "kwargs": {"n": 1}})")},
                             {"traceloop.entity.output", S(R"("two\nlines")")}});
  build.AddSpan("cut.task", {{"traceloop.span.kind", S("task")},
                             {"traceloop.entity.name", S("cut")},
                             {"traceloop.entity.input", S(R"({"args": ["a", "b)")}});
  const Reading reading = build.Read();
  EXPECT_THAT(
      Lines(reading),
      ElementsAre("< user text: Rain?", "> assistant text: No.", R"(< tool call add {"n": 1})",
                  "> tool result add: two\nlines", R"(< user text: {"args": ["a", "b)"));
  EXPECT_EQ(reading.calls[1].kind, CallKind::kTool);
  EXPECT_EQ(reading.calls[1].tool_name, "add");
}

TEST(OpenLlmetryTest, ReadsLangChainsToolsAndChains) {
  Build build;
  build.AddSpan(
      "get_weather.tool",
      {{"traceloop.span.kind", S("tool")},
       {"traceloop.entity.name", S("get_weather")},
       {"gen_ai.tool.name", S("get_weather")},
       {"traceloop.entity.input",
        S(R"({"input_str": "{'city': 'Paris'}", "tags": ["x"], "metadata": {}, )"
          R"("inputs": {"city": "Paris"}, "kwargs": {"color": "green"}})")},
       {"gen_ai.tool.call.arguments",
        S(R"({"input_str": "{'city': 'Paris'}", "tags": ["x"], "metadata": {}, )"
          R"("inputs": {"city": "Paris"}, "kwargs": {"color": "green"}})")},
       {"traceloop.entity.output",
        S(R"({"output": {"lc": 1, "type": "constructor", "id": ["langchain", "ToolMessage"], )"
          R"("kwargs": {"content": "rain", "tool_call_id": "c1", "name": "get_weather"}}, "kwargs": {}})")},
       {"gen_ai.tool.call.result", S(R"({"output": "the same"})")}});
  build.AddSpan(
      "chain.task",
      {{"traceloop.span.kind", S("task")},
       {"traceloop.entity.input",
        S(R"({"inputs": {"question": "Rain?"}, "tags": [], "metadata": {}, "kwargs": {}})")},
       {"traceloop.entity.output", S(R"({"outputs": {"answer": "No.", "n": 1}, "kwargs": {}})")}});
  build.AddSpan(
      "graph.workflow",
      {{"traceloop.span.kind", S("workflow")},
       {"traceloop.entity.input",
        S(R"({"inputs": {"messages": [{"lc": 1, "type": "constructor", "id": ["x", "HumanMessage"], )"
          R"("kwargs": {"content": "hi", "type": "human"}}]}, "tags": [], "kwargs": {}})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool call get_weather {"city": "Paris"})",
                          "> tool result get_weather c1: rain", "< user text: Rain?",
                          R"(> assistant text: {"answer": "No.", "n": 1})", "< user text: hi"));
}

TEST(OpenLlmetryTest, ReadsItsNewMessagesWithTheEmptyTextBesideCalls) {
  Build build;
  build.AddSpan(
      "openai.chat",
      {{"gen_ai.input.messages",
        S(R"([{"role": "assistant", "parts": [{"content": "", "type": "text"}, )"
          R"({"type": "tool_call", "name": "f", "id": "c1", "arguments": {"a": 1}}]}, )"
          R"({"role": "user", "parts": [{"type": "tool_call_response", "id": "c1", )"
          R"("response": [{"type": "text", "text": "14 °C"}]}]}])")},
       {"gen_ai.output.messages",
        S(R"([{"role": "assistant", "parts": [{"type": "refusal", "content": "I can't."}, )"
          R"({"type": "reasoning", "content": "hm"}], "finish_reason": "stop"}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< assistant call f c1 {"a": 1})", "< tool result f c1: 14 °C",
                          "> assistant text: I can't.", "> assistant reasoning: hm"));
}

TEST(OpenLlmetryTest, ReadsItsEvents) {
  Build build;
  build.AddSpan("anthropic.chat", {});
  build.AddRecord(
      1, "gen_ai.choice",
      R"({"index":0,"message":{"content":null},"finish_reason":"tool_call","tool_calls":)"
      R"([{"id":"t1","function":{"function_name":"f","arguments":{"a":1}},"type":"function"}]})");
  build.AddRecord(1, "gen_ai.choice",
                  R"({"index":0,"message":{"content":""},"finish_reason":"tool_call","tool_calls":)"
                  R"([{"id":"t2","function":{"name":"g","arguments":"{}"},"type":"function"}]})");
  build.AddRecord(
      1, "gen_ai.choice",
      R"({"index":1,"message":{"content":{"type":"text","content":"ok"}},"finish_reason":"stop"})");
  EXPECT_THAT(Lines(build.Read()), ElementsAre(R"(> assistant call f t1 {"a":1})",
                                               "> assistant call g t2 {}", "> assistant text: ok"));
}

TEST(OpenLlmetryTest, ReadsUsageUnderOldNames) {
  Build build;
  build.AddSpan("openai.chat", {{"llm.request.type", S("chat")},
                                {"llm.usage.prompt_tokens", I(9)},
                                {"gen_ai.usage.completion_tokens", I(4)},
                                {"gen_ai.usage.cache_read_input_tokens", I(2)},
                                {"traceloop.association.properties.session_id", S("s-1")}});
  const Reading reading = build.Read();
  EXPECT_EQ(reading.calls[0].kind, CallKind::kModel);
  EXPECT_EQ(reading.calls[0].input_tokens, 9);
  EXPECT_EQ(reading.calls[0].output_tokens, 4);
  EXPECT_EQ(reading.calls[0].cache_read_tokens, 2);
  EXPECT_EQ(reading.calls[0].conversation_id, "s-1");
}

}  // namespace
}  // namespace spanlog::genai
