// Results of tools that failed, in each way in which it is said.
#include "genai/tool_failure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::J;
using testing::Lines;
using testing::Pairs;
using testing::S;

// Ids of the failed results of a conversation, in order.
std::vector<std::string> Failed(std::string_view messages) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.input.messages", S(messages)}});
  std::vector<std::string> ids;
  for (const Message& message : build.Read().messages) {
    if (message.failed) ids.emplace_back(message.tool.id);
  }
  return ids;
}

TEST(ToolFailureTest, KnowsAnthropicsMark) {
  EXPECT_THAT(
      Failed(
          R"([{"role":"user","content":[)"
          R"({"type":"tool_result","tool_use_id":"a","content":"no such file","is_error":true},)"
          R"({"type":"tool_result","tool_use_id":"b","content":"fine","is_error":false},)"
          R"({"type":"tool_result","tool_use_id":"c","content":"fine"},)"
          R"({"type":"mcp_tool_result","tool_use_id":"d","content":[{"type":"text","text":"x"}],"is_error":true},)"
          R"({"type":"web_search_tool_result","tool_use_id":"e","content":)"
          R"({"type":"web_search_tool_result_error","error_code":"max_uses_exceeded"}}]}])"),
      ElementsAre("a", "d", "e"));
}

TEST(ToolFailureTest, KnowsVercelsMarks) {
  EXPECT_THAT(
      Failed(
          R"([{"role":"tool","content":[)"
          R"({"type":"tool-result","toolCallId":"a","toolName":"f","output":{"type":"error-text","value":"no"}},)"
          R"({"type":"tool-result","toolCallId":"b","toolName":"f","output":{"type":"error-json","value":{"code":1}}},)"
          R"({"type":"tool-result","toolCallId":"c","toolName":"f","output":{"type":"text","value":"error"}},)"
          R"({"type":"tool-result","toolCallId":"d","toolName":"f","result":"no","isError":true},)"
          R"({"type":"tool-error","toolCallId":"e","toolName":"f","error":"no"}]},)"
          R"({"role":"assistant","parts":[)"
          R"({"type":"tool-f","toolCallId":"g","state":"output-error","input":{},"errorText":"no"},)"
          R"({"type":"tool-f","toolCallId":"h","state":"output-available","input":{},"output":1}]}])"),
      ElementsAre("a", "b", "d", "e", "g"));
}

TEST(ToolFailureTest, KnowsTheStatusOfBedrockAndLangChain) {
  EXPECT_THAT(
      Failed(R"([{"role":"user","content":[)"
             R"({"toolResult":{"toolUseId":"a","content":[{"text":"no"}],"status":"error"}},)"
             R"({"toolResult":{"toolUseId":"b","content":[{"text":"yes"}],"status":"success"}}]},)"
             R"({"role":"tool","tool_call_id":"c","content":"no","status":"error"},)"
             R"({"lc":1,"type":"constructor","id":["langchain","schema","messages","ToolMessage"],)"
             R"("kwargs":{"content":"no","tool_call_id":"d","status":"error"}}])"),
      ElementsAre("a", "c", "d"));
}

TEST(ToolFailureTest, KnowsGeminisError) {
  EXPECT_THAT(
      Failed(R"([{"role":"user","parts":[)"
             R"({"functionResponse":{"id":"a","name":"f","response":{"error":"no"}}},)"
             R"({"functionResponse":{"id":"b","name":"f","response":{"output":1,"error":null}}},)"
             R"({"functionResponse":{"id":"c","name":"f","response":{"error":""}}}]}])"),
      ElementsAre("a"));
  EXPECT_THAT(
      Failed(
          R"([{"role":"model","parts":[{"codeExecutionResult":{"outcome":"OUTCOME_FAILED","output":"1/0"}},)"
          R"({"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}]}])"),
      ElementsAre(""));
}

TEST(ToolFailureTest, ReadsTheAnswerOfAnMcpToolOfOpenAiWithItsCall) {
  Build build;
  build.AddSpan(
      "chat",
      {{"gen_ai.output.messages",
        S(R"([{"type":"mcp_call","id":"a","name":"f","arguments":"{}","output":"ok","error":null},)"
          R"({"type":"mcp_call","id":"b","name":"g","arguments":"{}","output":null,"error":"no"},)"
          R"({"type":"mcp_call","id":"c","name":"h","arguments":"{}","status":"in_progress"}])")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre("> assistant call f a {}", "> tool result f a: ok", "> assistant call g b {}",
                  "> tool result failed g b: no", "> assistant call h c {}"));
}

TEST(ToolFailureTest, LeavesToAToolWhatItSaysItself) {
  EXPECT_THAT(
      Failed(
          R"([{"role":"tool","tool_call_id":"a","content":{"status":"error","order":7}},)"
          R"({"role":"tool","parts":[{"type":"tool_call_response","id":"b","response":{"isError":true}},)"
          R"({"type":"tool_call_response","id":"c","response":{"error":"old","status":"failed"}}]},)"
          R"({"role":"tool","tool_call_id":"d","content":"Error: no"}])"),
      ElementsAre());
}

TEST(ToolFailureTest, KnowsTheEnvelopeOfMcpInAResult) {
  constexpr std::string_view kNo =
      R"({"content":[{"type":"text","text":"no"}],"isError":true,"structuredContent":null})";
  EXPECT_THAT(Failed(R"([{"role":"tool","parts":[{"type":"tool_call_response","id":"a","response":)"
                     R"({"content":[{"type":"text","text":"no"}],"isError":true}}]}])"),
              ElementsAre("a"));
  Build build;
  build.AddSpan("execute_tool f",
                {{"gen_ai.tool.name", S("f")}, {"gen_ai.tool.call.result", S(kNo)}});
  build.AddSpan(
      "tool g",
      {{"gen_ai.tool.name", S("g")}, {"tool_response", S(kNo)}, {"logfire.json_schema", S("{}")}});
  build.AddSpan(
      "tool h",
      {{"openinference.span.kind", S("TOOL")}, {"tool.name", S("h")}, {"output.value", S(kNo)}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.messages.size(), 3u);
  for (const Message& message : reading.messages) EXPECT_TRUE(message.failed) << message.tool.name;
}

TEST(ToolFailureTest, TakesTheResultOnTheSpanOfAFailedCallForOne) {
  Build build;
  build.AddSpan("execute_tool f", {{"gen_ai.operation.name", S("execute_tool")},
                                   {"gen_ai.tool.name", S("f")},
                                   {"gen_ai.tool.call.arguments", S("{}")},
                                   {"gen_ai.tool.call.result", S("no")},
                                   {"error.type", S("ValueError")}});
  build.AddSpan("t", {{"openinference.span.kind", S("TOOL")}, {"output.value", S("no")}});
  build.trace.spans[1].status = StatusCode::kError;
  build.AddSpan("s", {{"langfuse.observation.type", S("tool")},
                      {"langfuse.observation.output", S("no")},
                      {"langfuse.observation.level", S("ERROR")}});
  build.AddSpan("execute_tool g", {{"gen_ai.operation.name", S("execute_tool")},
                                   {"gen_ai.tool.name", S("g")},
                                   {"gen_ai.tool.status", S("error")}});
  build.AddEvent(3, "gen_ai.choice", {{"message", S("no")}, {"id", S("t1")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre("< tool call f {}", "> tool result failed f: no", "> tool result failed t: no",
                  "> tool result failed s: no", "> tool result failed g t1: no"));
}

// A call of the tool f with the id "a" that failed, and a model call that has what it said in its
// history.
Build FailedAndRepeated(std::string_view history, Pairs own_span) {
  Build build;
  build.AddSpan("chat",
                {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(history)}});
  build.AddSpan("execute_tool f", own_span);
  return build;
}

constexpr std::string_view kHistory =
    R"([{"role":"tool","tool_call_id":"a","content":"no"},{"role":"tool","tool_call_id":"b","content":"yes"}])";

TEST(ToolFailureTest, MarksTheRepeatOfAResultWhoseOwnSpanFailed) {
  Build build = FailedAndRepeated(kHistory, {{"gen_ai.operation.name", S("execute_tool")},
                                             {"gen_ai.tool.name", S("f")},
                                             {"gen_ai.tool.call.id", S("a")},
                                             {"error.type", S("ValueError")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< tool result failed a: no", "< tool result b: yes"));
}

TEST(ToolFailureTest, MarksTheRepeatInARecordWhereTheSpansStatusTellsIt) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}});
  build.AddSpan(
      "t",
      {{"openinference.span.kind", S("TOOL")}, {"tool.id", S("a")}, {"output.value", S("no")}});
  build.trace.spans[1].status = StatusCode::kError;
  build.AddRecord(1, "gen_ai.tool.message", R"({"content":"no","id":"a"})");
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< tool result failed a: no", "> tool result failed t a: no"));
}

TEST(ToolFailureTest, LeavesTheRepeatOfACallThatWasTriedAgainAlone) {
  Build build = FailedAndRepeated(kHistory, {{"gen_ai.operation.name", S("execute_tool")},
                                             {"gen_ai.tool.call.id", S("a")},
                                             {"error.type", S("timeout")}});
  build.AddSpan("execute_tool f",
                {{"gen_ai.operation.name", S("execute_tool")}, {"gen_ai.tool.call.id", S("a")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< tool result a: no", "< tool result b: yes"));
}

TEST(ToolFailureTest, LeavesTheResultOfAnotherToolWithTheSameIdAlone) {
  constexpr std::string_view kNamed =
      R"([{"role":"tool","tool_call_id":"a","name":"g","content":"fine"}])";
  Build build = FailedAndRepeated(kNamed, {{"gen_ai.operation.name", S("execute_tool")},
                                           {"gen_ai.tool.name", S("f")},
                                           {"gen_ai.tool.call.id", S("a")},
                                           {"error.type", S("ValueError")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< tool result g a: fine"));
}

TEST(ToolFailureTest, LeavesTheHistoryOfAFailedModelCallAlone) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")},
                         {"gen_ai.input.messages",
                          S(R"([{"role":"tool","tool_call_id":"a","content":"fine"}])")},
                         {"error.type", S("429")}});
  build.trace.spans[0].status = StatusCode::kError;
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< tool result a: fine"));
}

TEST(ToolFailureTest, KeepsTheMarkWhereOnlyOneCopyHasIt) {
  Build build;
  build.AddSpan("execute_tool f", {{"gen_ai.tool.name", S("f")},
                                   {"gen_ai.tool.call.id", S("c")},
                                   {"gen_ai.tool.call.result", S("no")}});
  build.AddRecord(1, "gen_ai.execute_tool.details", "",
                  {{"gen_ai_tool_name", S("f")},
                   {"gen_ai_tool_call_id", S("c")},
                   {"gen_ai_tool_call_result", S("no")},
                   {"error_type", S("ValueError")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("> tool result failed f c: no"));
}

}  // namespace
}  // namespace spanlog::genai
