// Shapes of messages and parts that several dialects share.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::Lines;
using testing::S;

std::vector<std::string> Inputs(std::string_view json) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.input.messages", S(json)}});
  return Lines(build.Read());
}

std::vector<std::string> Outputs(std::string_view json) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.output.messages", S(json)}});
  return Lines(build.Read());
}

TEST(PartsTest, TakesTheTextOfTextBlocksAndKeepsATools) {
  EXPECT_THAT(
      Inputs(
          R"([{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]},
              {"role":"tool","tool_call_id":"b","content":[{"id":1,"text":"x"},{"id":2,"text":"y"}]},
              {"role":"tool","tool_call_id":"c","content":{"id":9,"name":"n","result":5}},
              {"role":"tool","tool_call_id":"d","content":[{"result":1,"response":2}]},
              {"role":"tool","tool_call_id":"e","content":["p","q"]},
              {"role":"tool","tool_call_id":"h","content":{"text":"own"}},
              {"role":"tool","tool_call_id":"f","content":[]},
              {"role":"tool","tool_call_id":"g","content":7}])"),
      ElementsAre("< tool result a: one\ntwo",
                  R"(< tool result b: [{"id":1,"text":"x"},{"id":2,"text":"y"}])",
                  R"(< tool result c: {"id":9,"name":"n","result":5})",
                  R"(< tool result d: [{"result":1,"response":2}])",
                  R"(< tool result e: ["p","q"])", R"(< tool result h: {"text":"own"})",
                  "< tool result f: []", "< tool result g: 7"));
}

TEST(PartsTest, KeepsWhatWasSentBesideItsReadableText) {
  Build build;
  build.AddSpan(
      "chat",
      {{"gen_ai.input.messages",
        S(R"([{"role":"user","parts":[{"type":"tool_call_response","id":"a","response":[{"type":"text","text":"14 °C"}]},
             {"type":"tool_call_response","id":"b","response":{"n":1}}]}])")}});
  const Reading reading = build.Read();
  ASSERT_THAT(Lines(reading), ElementsAre("< tool result a: 14 °C", R"(< tool result b: {"n":1})"));
  EXPECT_EQ(reading.messages[0].tool.result, R"([{"type":"text","text":"14 °C"}])");
  EXPECT_EQ(reading.messages[1].tool.result, "");
}

TEST(PartsTest, SkipsTheEmptyTextBesideOtherPartsOnly) {
  EXPECT_THAT(
      Outputs(
          R"([{"role":"assistant","parts":[{"type":"text","content":""},{"type":"tool_call","id":"c","name":"f","arguments":{}}]}])"),
      ElementsAre("> assistant call f c {}"));
  EXPECT_THAT(Outputs(R"([{"role":"assistant","parts":[{"type":"text","content":""}]}])"),
              ElementsAre("> assistant text"));
}

TEST(PartsTest, ReadsReasoningOfEveryProvider) {
  EXPECT_THAT(
      Outputs(
          R"([{"role":"assistant","content":[{"type":"thinking","thinking":"a","signature":"s"},{"type":"redacted_thinking","data":"x"},
               {"type":"reasoning","summary":[{"type":"summary_text","text":"b"}],"content":[]},
               {"type":"reasoning","summary":[],"encrypted_content":"gAAA"},
               {"reasoningContent":{"reasoningText":{"text":"c"}}},{"text":"d","thought":true},{"type":"text","text":"e"}]}])"),
      ElementsAre("> assistant reasoning: a", "> assistant reasoning redacted",
                  "> assistant reasoning: b", "> assistant reasoning redacted",
                  "> assistant reasoning: c", "> assistant reasoning: d", "> assistant text: e"));
  EXPECT_THAT(Outputs(R"([{"role":"assistant","reasoning_content":"hm","content":"ho"}])"),
              ElementsAre("> assistant reasoning: hm", "> assistant text: ho"));
}

TEST(PartsTest, NumbersOnlyAnswersThatStandForEachOther) {
  const auto choices = [](std::string_view json) {
    Build build;
    build.AddSpan("chat", {{"gen_ai.output.messages", S(json)}});
    std::vector<int> numbers;
    for (const Message& message : build.Read().messages) numbers.push_back(message.choice);
    return numbers;
  };
  EXPECT_THAT(choices(R"([{"role":"assistant","content":"a"},{"role":"assistant","content":"b"}])"),
              ElementsAre(0, 1));
  EXPECT_THAT(
      choices(
          R"([{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"message","role":"assistant","content":"b"}])"),
      ElementsAre(-1, -1));
  EXPECT_THAT(choices(R"([{"index":2,"message":{"role":"assistant","content":"a"}}])"),
              ElementsAre(2));
  EXPECT_THAT(choices(R"([{"index":1e300,"message":{"role":"assistant","content":"a"}}])"),
              ElementsAre(-1));
  EXPECT_THAT(choices(R"([{"role":"assistant","content":"a"},{"role":"tool","content":"b"}])"),
              ElementsAre(-1, -1));
}

TEST(PartsTest, ReadsMediaOfEveryProvider) {
  EXPECT_THAT(
      Inputs(R"([{"role":"user","content":[
        {"type":"image_url","image_url":{"url":"data:image/png;base64,aGVsbG8gd29ybGQ="}},
        {"type":"input_image","image_url":"https://x/a.png"},
        {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"aGVsbG8gd29ybGQ="}},
        {"type":"document","source":{"type":"url","url":"https://x/d.pdf"},"title":"d.pdf"},
        {"type":"input_audio","input_audio":{"data":"aGVsbG8gd29ybGQ=","format":"wav"}},
        {"type":"file","file":{"filename":"r.pdf","file_id":"file-1"}},
        {"image":{"format":"png","source":{"bytes":"aGVsbG8gd29ybGQ="}}},
        {"inline_data":{"mime_type":"image/webp","data":"aGVsbG8gd29ybGQ="}},
        {"fileData":{"fileUri":"gs://b/v.mp4","mimeType":"video/mp4"}}]}])"),
      ElementsAre("< user media: [image image/png, 11 B]", "< user media: [image https://x/a.png]",
                  "< user media: [image image/jpeg, 11 B]",
                  "< user media: [document d.pdf, https://x/d.pdf]",
                  "< user media: [audio audio/wav, 11 B]", "< user media: [file r.pdf, file-1]",
                  "< user media: [image image/png, 11 B]", "< user media: [image image/webp, 11 B]",
                  "< user media: [video video/mp4, gs://b/v.mp4]"));
}

TEST(PartsTest, ShowsLettersForEscapesInArgumentsOfEveryPlace) {
  Build build;
  build.AddSpan(
      "chat",
      {{"gen_ai.output.messages",
        S(R"([{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"c\": \"\\u4e0a\\u6d77 \\u003cb\\u003e \\\"\\u0022\"}"}}]},)"
          R"({"role":"assistant","parts":[{"type":"tool_call","id":"b","name":"f","arguments":{"c":"\u4e0a"}}]}])")}});
  build.AddSpan("execute_tool f", {{"gen_ai.tool.name", S("f")},
                                   {"gen_ai.tool.call.arguments", S(R"({"c": "\ud83d\ude00"})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(> assistant call f a {"c": "上海 <b> \"\u0022"})",
                          R"(> assistant call f b {"c":"上"})", R"(< tool call f {"c": "😀"})"));
}

TEST(PartsTest, KeepsTextsExactly) {
  const std::string text =
      "<script>alert(1)</script> & \"q\"\\n\tПривет 你好 👩‍👩‍👧 "
      "\u202e{\"a\":1}";
  std::string json = R"([{"role":"user","content":)";
  std::string quoted;
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\t') {
      quoted += "\\t";
    } else {
      quoted += c;
    }
  }
  json += "\"" + quoted + "\"}]";
  EXPECT_THAT(Inputs(json), ElementsAre("< user text: " + text));
  const std::string large(100'000, 'x');
  EXPECT_THAT(Inputs(R"([{"role":"user","parts":[{"type":"text","content":")" + large + "\"}]}]"),
              ElementsAre("< user text: " + large));
}

TEST(PartsTest, ReadsContentOnTheSpanUnderTheOldestNames) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.prompt", S(R"([{"role":"user","content":"hi"}])")},
                         {"gen_ai.completion", S("plain words")}});
  build.AddSpan("spring", {{"gen_ai.prompt", S(R"(["one","two"])")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: hi", "> assistant text: plain words",
                                               "< user text: one", "< user text: two"));
}

TEST(PartsTest, ReadsAMessageCutAtEveryByteWithoutInventingOne) {
  const std::string whole =
      R"([{"role":"user","parts":[{"type":"text","content":"Привет \"мир\""}]},)"
      R"({"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":[1,"b"]}}]},)"
      R"({"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"да"}]}])";
  for (size_t size = 1; size < whole.size(); ++size) {
    if ((static_cast<unsigned char>(whole[size]) & 0xC0) == 0x80) continue;  // stores mend UTF-8
    const std::string cut = whole.substr(0, size);
    Build build;
    build.AddSpan("chat", {{"gen_ai.input.messages", S(cut)}});
    const Reading reading = build.Read();
    EXPECT_LE(reading.messages.size(), 3u) << cut;
    for (const Message& message : reading.messages) {
      if (message.status != MessageStatus::kFull) continue;
      const bool is_whole = message.text == "Привет \"мир\"" || message.text == "да" ||
                            message.tool.arguments == R"({"a":[1,"b"]})";
      EXPECT_TRUE(is_whole) << cut << " gives " << testing::Line(message);
    }
  }
}

}  // namespace
}  // namespace spanlog::genai
