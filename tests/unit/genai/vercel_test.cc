// The Vercel AI SDK, versions 3 to 6.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::I;
using testing::J;
using testing::Lines;
using testing::S;

const std::pair<std::string_view, Value> kStream = {"ai.operationId", S("ai.streamText.doStream")};

TEST(VercelTest, ReadsTheContentOfEveryVersion) {
  Build build;
  build.AddSpan(
      "ai.streamText.doStream",
      {kStream,
       {"ai.prompt.messages",
        S(R"([{"role":"system","content":"Be brief."},)"
          R"({"role":"user","content":[{"type":"text","text":"Look"},{"type":"file","mediaType":"image/png","data":"aGVsbG8gd29ybGQ="},)"
          R"({"type":"image","image":"https://x/p.png","mimeType":"image/png"}]},)"
          R"({"role":"assistant","content":[{"type":"reasoning","text":"hm"},{"type":"redacted-reasoning","data":"AA"},{"type":"text","text":""},)"
          R"({"type":"tool-call","toolCallId":"c4","toolName":"f","args":{"a":1}},{"type":"tool-call","toolCallId":"c5","toolName":"g","input":{"b":2}}]},)"
          R"({"role":"tool","content":[{"type":"tool-result","toolCallId":"c4","toolName":"f","result":{"ok":true}},)"
          R"({"type":"tool-result","toolCallId":"c5","toolName":"g","output":{"type":"text","value":"sunny"}},)"
          R"({"type":"tool-result","toolCallId":"c6","toolName":"h","output":{"type":"json","value":{"n":1}}},)"
          R"({"type":"tool-result","toolCallId":"c7","toolName":"h","output":{"type":"error-text","value":"no"}},)"
          R"({"type":"tool-result","toolCallId":"c8","toolName":"h","output":{"type":"content","value":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}}]}])")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre("< system text: Be brief.", "< user text: Look",
                  "< user media: [image image/png, 11 B]",
                  "< user media: [image image/png, https://x/p.png]", "< assistant reasoning: hm",
                  "< assistant reasoning redacted", R"(< assistant call f c4 {"a":1})",
                  R"(< assistant call g c5 {"b":2})", R"(< tool result f c4: {"ok":true})",
                  "< tool result g c5: sunny", R"(< tool result h c6: {"n":1})",
                  "< tool result failed h c7: no", "< tool result h c8: one\ntwo"));
}

TEST(VercelTest, ReadsAnswersUnderOldAndNewNames) {
  Build build;
  build.AddSpan(
      "ai.streamText.doStream",
      {kStream,
       {"ai.response.finishReason", S("tool-calls")},
       {"ai.response.text", S("One moment.")},
       {"ai.response.files",
        S(R"([{"type":"file","mediaType":"image/png","data":"aGVsbG8gd29ybGQ="}])")},
       {"ai.response.toolCalls",
        S(R"([{"toolCallType":"function","toolCallId":"c1","toolName":"f","args":"{\"a\":1}"},)"
          R"({"type":"tool-call","toolCallId":"c2","toolName":"g","input":"{}"}])")}});
  build.AddSpan("ai.generateObject.doGenerate",
                {{"ai.operationId", S("ai.generateObject.doGenerate")},
                 {"ai.result.object", S(R"({"sign":"stop"})")},
                 {"ai.result.finishReason", S("stop")}});
  build.AddSpan(
      "ai.generateText.doGenerate",
      {{"operation.name", S("ai.generateText.doGenerate fn")}, {"ai.result.text", S("old")}});
  const Reading reading = build.Read();
  EXPECT_THAT(
      Lines(reading),
      ElementsAre("> assistant text: One moment.", "> assistant media: [image image/png, 11 B]",
                  R"(> assistant call f c1 {"a":1})", "> assistant call g c2 {}",
                  R"(> assistant text: {"sign":"stop"})", "> assistant text: old"));
  EXPECT_EQ(reading.messages[0].finish_reason, "tool-calls");
  EXPECT_EQ(reading.messages[4].finish_reason, "stop");
  EXPECT_EQ(reading.calls[2].kind, CallKind::kModel);
}

TEST(VercelTest, ReadsTheOuterSpanOnlyWithoutAnInnerOne) {
  Build build;
  build.AddSpan("ai.generateText", {{"ai.operationId", S("ai.generateText")},
                                    {"ai.prompt", S(R"({"system":"S","prompt":"Rain?"})")},
                                    {"ai.response.text", S("No.")},
                                    {"ai.usage.inputTokens", I(9)}});
  build.AddSpan(
      "ai.generateText.doGenerate",
      {{"ai.operationId", S("ai.generateText.doGenerate")},
       {"ai.prompt.messages", S(R"([{"role":"user","content":[{"type":"text","text":"Rain?"}]}])")},
       {"ai.response.text", S("No.")},
       {"ai.usage.promptTokens", I(9)}},
      1);
  build.AddSpan(
      "ai.streamText",
      {{"ai.operationId", S("ai.streamText")},
       {"ai.prompt",
        S(R"({"system":[{"role":"system","content":"A"},{"role":"system","content":"B"}],)"
          R"("messages":[{"role":"user","content":"Sun?"}]})")},
       {"ai.response.text", S("Yes.")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user text: Rain?", "> assistant text: No.", "< system text: A",
                          "< system text: B", "< user text: Sun?", "> assistant text: Yes."));
  EXPECT_TRUE(reading.calls[0].aggregates_children);
  EXPECT_EQ(reading.calls[1].input_tokens, 9);
  EXPECT_EQ(reading.calls[2].kind, CallKind::kModel);
}

TEST(VercelTest, ReadsCallsAndResultsOfAUserInterfacesMessages) {
  Build build;
  build.AddSpan(
      "ai.streamText",
      {{"ai.operationId", S("ai.streamText")},
       {"ai.prompt",
        S(R"({"messages":[{"role":"user","content":"Rain?"},)"
          R"({"role":"assistant","content":"","toolInvocations":[{"state":"result","toolCallId":"c1","toolName":"f","args":{"a":1},"result":"dry"}]},)"
          R"({"role":"assistant","content":"","parts":[{"type":"step-start"},)"
          R"({"type":"tool-invocation","toolInvocation":{"state":"result","toolCallId":"c2","toolName":"g","args":{"b":2},"result":{"n":1}}}]},)"
          R"({"role":"assistant","parts":[{"type":"tool-h","toolCallId":"c3","state":"output-available","input":{},"output":"wet"},)"
          R"({"type":"dynamic-tool","toolName":"i","toolCallId":"c4","state":"output-error","input":{},"errorText":"gone"},)"
          R"({"type":"tool-j","toolCallId":"c5","state":"input-available","input":{"z":0}},{"type":"text","text":"Wait."}]}]})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: Rain?", R"(< assistant call f c1 {"a":1})",
                          "< tool result f c1: dry", R"(< assistant call g c2 {"b":2})",
                          R"(< tool result g c2: {"n":1})", "< assistant call h c3 {}",
                          "< tool result h c3: wet", "< assistant call i c4 {}",
                          "< tool result failed i c4: gone", R"(< assistant call j c5 {"z":0})",
                          "< assistant text: Wait."));
}

TEST(VercelTest, ReadsAToolsResultThatIsAJsonString) {
  Build build;
  build.AddSpan("ai.toolCall", {{"ai.operationId", S("ai.toolCall")},
                                {"ai.toolCall.name", S("f")},
                                {"ai.toolCall.id", S("c1")},
                                {"ai.toolCall.args", S(R"({"a":"\u4e0a"})")},
                                {"ai.toolCall.result", S(R"("sunny\nand \"dry\"")")}});
  build.AddSpan("ai.toolCall", {{"ai.operationId", S("ai.toolCall")},
                                {"ai.toolCall.name", S("f")},
                                {"ai.toolCall.result", S("21")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre(R"(< tool call f c1 {"a":"上"})",
                          "> tool result f c1: sunny\nand \"dry\"", "> tool result f: 21"));
  EXPECT_EQ(reading.messages[1].tool.result, R"("sunny\nand \"dry\"")");
  EXPECT_EQ(reading.calls[0].kind, CallKind::kTool);
}

TEST(VercelTest, ReadsTheTextsOfEmbeddings) {
  Build build;
  build.AddSpan("ai.embedMany", {{"ai.operationId", S("ai.embedMany")},
                                 {"ai.values", J(R"(["\"first\"","\"second\""])")}});
  build.AddSpan("ai.embedMany.doEmbed",
                {{"ai.operationId", S("ai.embedMany.doEmbed")},
                 {"ai.values", J(R"(["\"first\"","\"second\""])")},
                 {"ai.embeddings", J(R"(["[0.1]","[0.2]"])")},
                 {"ai.usage.tokens", I(4)}},
                1);
  build.AddSpan("ai.embed", {{"ai.operationId", S("ai.embed")}, {"ai.value", S(R"("third")")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user text: first", "< user text: second", "< user text: third"));
  EXPECT_EQ(reading.calls[1].input_tokens, 4);
}

}  // namespace
}  // namespace spanlog::genai
