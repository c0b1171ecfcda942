#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "export/export.h"
#include "run_testing.h"

namespace spanlog::exports {
namespace {

using Json = nlohmann::json;

std::vector<Json> Lines(RunBuilder& run) {
  std::vector<Json> lines;
  std::string_view rest;
  const std::string text = Export(run.woven(), Format::kJsonLines);
  for (rest = text; !rest.empty();) {
    const size_t end = rest.find('\n');
    lines.push_back(Json::parse(rest.substr(0, end)));
    rest.remove_prefix(end + 1);
  }
  return lines;
}

TEST(JsonLinesTest, WritesMessagesAsTheChatApiHasThem) {
  RunBuilder run = AgentRun();
  const std::vector<Json> lines = Lines(run);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0], Json::parse(R"({"role":"system","content":"Be brief.","span_id":"chat1"})"));
  EXPECT_EQ(lines[1]["role"], "user");
  EXPECT_EQ(lines[2], Json::parse(R"({"role":"assistant","content":null,"span_id":"chat1",
      "tool_calls":[{"id":"call_1","type":"function",
                     "function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}]})"));
  EXPECT_EQ(lines[3], Json::parse(R"({"role":"tool","content":"rain <b>","name":"get_weather",
      "span_id":"chat2","tool_call_id":"call_1"})"));
  EXPECT_EQ(lines[4]["content"], "It rains.\n\n```\nbring umbrella\n```");
  EXPECT_EQ(lines[4]["finish_reason"], "stop");
}

TEST(JsonLinesTest, JoinsThePartsOfOneAssistantMessage) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Message("a", "reasoning", "think");
  run.Message("a", "assistant", "text");
  run.ToolCall("a", "assistant", "f", "1", "{}");
  run.ToolCall("a", "assistant", "g", "2", "{}");
  run.Message("a", "assistant", "next");
  const std::vector<Json> lines = Lines(run);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["reasoning_content"], "think");
  EXPECT_EQ(lines[0]["content"], "text");
  EXPECT_EQ(lines[0]["tool_calls"].size(), 2u);
  EXPECT_EQ(lines[1]["content"], "next");
}

TEST(JsonLinesTest, KeepsChoicesAndCallsApart) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Message("a", "assistant", "one", {{"message.choice", Value::Int(0)}});
  run.ToolCall("a", "assistant", "f", "1", "{}");
  run.Message("a", "assistant", "two", {{"message.choice", Value::Int(1)}});
  run.Span("b", "", "chat");
  run.ToolCall("b", "assistant", "g", "2", "{}");
  EXPECT_EQ(Lines(run).size(), 4u);
}

TEST(JsonLinesTest, HasNoContentWhereNothingWasCaptured) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Message("a", "user", "(content not captured)\nSet X=true.",
              {{weave::kStatusKey, Value::String("off")}});
  run.Message(
      "a", "assistant", "[messages gs://b/1.json]",
      {{weave::kStatusKey, Value::String("off")}, {"message.hint", Value::String("uploaded")}});
  const std::vector<Json> lines = Lines(run);
  EXPECT_TRUE(lines[0]["content"].is_null());
  EXPECT_EQ(lines[0]["status"], "off");
  EXPECT_EQ(lines[1]["content"], "[messages gs://b/1.json]");
}

TEST(JsonLinesTest, WritesTheCallBeforeAResultThatCarriesItsArguments) {
  RunBuilder run;
  run.Span("turn", "", "run_turn");
  run.Message("turn", "tool", "42",
              {{weave::kToolResultKey, Value::String("42")},
               {weave::kToolArgumentsKey, Value::String(R"({"command":"wc"})")},
               {weave::kToolNameKey, Value::String("shell")},
               {weave::kToolCallIdKey, Value::String("c1")}});
  const std::vector<Json> lines = Lines(run);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["tool_calls"][0]["function"]["arguments"], R"({"command":"wc"})");
  EXPECT_EQ(lines[1]["tool_call_id"], "c1");
  EXPECT_EQ(lines[1]["content"], "42");
}

TEST(JsonLinesTest, KeepsTheCallOfAResultThatWasNotCaptured) {
  RunBuilder run;
  run.Span("turn", "", "tool_call");
  run.Message("turn", "tool", "read_file({})\nIt exports none.",
              {{weave::kToolArgumentsKey, Value::String("{}")},
               {weave::kToolNameKey, Value::String("read_file")},
               {weave::kStatusKey, Value::String("off")}});
  const std::vector<Json> lines = Lines(run);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0],
            Json::parse(R"({"role":"assistant","content":null,"span_id":"turn","tool_calls":[
      {"type":"function","function":{"name":"read_file","arguments":"{}"}}]})"));
  EXPECT_EQ(lines[1], Json::parse(R"({"role":"tool","content":null,"name":"read_file",
      "span_id":"turn","status":"off"})"));
  const std::string text = Export(run.woven(), Format::kText);
  EXPECT_NE(text.find("result of read_file (off)\n    It exports none.\n"), std::string::npos)
      << text;
}

TEST(JsonLinesTest, LeavesOutWhatIsNoMessage) {
  RunBuilder run;
  run.Span("a", "", "chat");
  run.Record("a", "error", "boom");
  run.History("a", "2 earlier messages");
  run.Message("a", "evaluation", "score 1");
  EXPECT_TRUE(Lines(run).empty());
}

TEST(ExportTest, KnowsItsFormats) {
  EXPECT_EQ(ParseFormat("text"), Format::kText);
  EXPECT_EQ(ParseFormat("markdown"), Format::kMarkdown);
  EXPECT_EQ(ParseFormat("jsonl"), Format::kJsonLines);
  EXPECT_EQ(ParseFormat("html"), std::nullopt);
  EXPECT_EQ(ContentType(Format::kMarkdown), "text/markdown; charset=utf-8");
}

}  // namespace
}  // namespace spanlog::exports
