// OpenInference: what its instrumentations of OpenAI, Anthropic, Gemini, LangChain and others
// write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::I;
using ::testing::IsEmpty;
using testing::J;
using testing::Lines;
using testing::S;

const std::pair<std::string_view, Value> kLlm = {"openinference.span.kind", S("LLM")};

TEST(OpenInferenceTest, KeepsTheOrderOfAnthropicsPartsAndShowsACallOnce) {
  Build build;
  build.AddSpan(
      "Messages",
      {kLlm,
       {"llm.output_messages.0.message.role", S("assistant")},
       {"llm.output_messages.0.message.contents.0.message_content.type", S("reasoning")},
       {"llm.output_messages.0.message.contents.0.message_content.text", S("Ask both.")},
       {"llm.output_messages.0.message.contents.0.message_content.signature", S("EuYB")},
       {"llm.output_messages.0.message.contents.1.message_content.type", S("text")},
       {"llm.output_messages.0.message.contents.1.message_content.text", S("One moment.")},
       {"llm.output_messages.0.message.contents.2.message_content.type", S("tool_use")},
       {"llm.output_messages.0.message.contents.2.tool_call.id", S("t1")},
       {"llm.output_messages.0.message.contents.2.tool_call.function.name", S("f")},
       {"llm.output_messages.0.message.contents.2.tool_call.function.arguments", S(R"({"a":1})")},
       {"llm.output_messages.0.message.contents.3.message_content.type", S("tool_use")},
       {"llm.output_messages.0.message.contents.3.tool_call.id", S("t2")},
       {"llm.output_messages.0.message.contents.3.tool_call.function.name", S("f")},
       {"llm.output_messages.0.message.contents.3.tool_call.function.arguments", S(R"({"a":1})")},
       {"llm.output_messages.0.message.tool_calls.0.tool_call.id", S("t1")},
       {"llm.output_messages.0.message.tool_calls.0.tool_call.function.name", S("f")},
       {"llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", S(R"({"a":1})")},
       {"llm.output_messages.0.message.tool_calls.1.tool_call.id", S("t2")},
       {"llm.output_messages.0.message.tool_calls.1.tool_call.function.name", S("f")},
       {"llm.output_messages.0.message.tool_calls.1.tool_call.function.arguments", S(R"({"a":1})")},
       {"llm.finish_reason", S("tool_use")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("> assistant reasoning: Ask both.", "> assistant text: One moment.",
                          R"(> assistant call f t1 {"a":1})", R"(> assistant call f t2 {"a":1})"));
  for (const Message& message : reading.messages) {
    EXPECT_EQ(message.choice, -1);
    EXPECT_EQ(message.finish_reason, "tool_use");
  }
}

TEST(OpenInferenceTest, ReadsCallsWithoutIdsOnceToo) {
  Build build;
  build.AddSpan(
      "generate_content",
      {kLlm,
       {"llm.output_messages.0.message.role", S("model")},
       {"llm.output_messages.0.message.contents.0.message_content.type", S("tool_use")},
       {"llm.output_messages.0.message.contents.0.tool_call.function.name", S("f")},
       {"llm.output_messages.0.message.contents.0.tool_call.function.arguments", S("{}")},
       {"llm.output_messages.0.message.tool_calls.0.tool_call.function.name", S("f")},
       {"llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", S("{}")}});
  build.AddSpan(
      "generate_content",
      {kLlm,
       {"llm.output_messages.0.message.role", S("model")},
       {"llm.output_messages.0.message.tool_calls.1.tool_call.function.name", S("g")},
       {"llm.output_messages.0.message.tool_calls.1.tool_call.function.arguments", S("{}")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("> assistant call f {}", "> assistant call g {}"));
}

TEST(OpenInferenceTest, TakesAResultInAUsersMessageForTheTools) {
  Build build;
  build.AddSpan(
      "Messages",
      {kLlm,
       {"llm.input_messages.0.message.role", S("user")},
       {"llm.input_messages.0.message.tool_call_id", S("t1")},
       {"llm.input_messages.0.message.content", S(R"([{"type": "text", "text": "14 °C\nrain"}])")},
       {"llm.input_messages.0.message.contents.1.message_content.type", S("text")},
       {"llm.input_messages.0.message.contents.1.message_content.text", S("And tomorrow?")},
       {"llm.input_messages.1.message.role", S("tool")},
       {"llm.input_messages.1.message.tool_call_id", S("t2")},
       {"llm.input_messages.1.message.name", S("g")},
       {"llm.input_messages.1.message.content", S(R"([{"id":7,"text":"own data"}])")},
       {"llm.input_messages.2.message.role", S("tool")},
       {"llm.input_messages.2.message.tool_call_id", S("t3")},
       {"llm.input_messages.2.message.contents.0.message_content.type", S("text")},
       {"llm.input_messages.2.message.contents.0.message_content.text", S("one")},
       {"llm.input_messages.2.message.contents.1.message_content.type", S("text")},
       {"llm.input_messages.2.message.contents.1.message_content.text", S("two")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< tool result t1: 14 °C\nrain", "< user text: And tomorrow?",
                          R"(< tool result g t2: [{"id":7,"text":"own data"}])",
                          "< tool result t3: one\ntwo"));
  EXPECT_EQ(reading.messages[0].tool.result, R"([{"type": "text", "text": "14 °C\nrain"}])");
}

TEST(OpenInferenceTest, TakesTheItemsOfAResponseForOneAnswerAndChoicesForSeveral) {
  Build build;
  build.AddSpan(
      "Response",
      {kLlm,
       {"llm.output_messages.0.message.role", S("assistant")},
       {"llm.output_messages.0.message.contents.0.message_content.type", S("reasoning")},
       {"llm.output_messages.0.message.contents.0.message_content.id", S("rs_1")},
       {"llm.output_messages.0.message.contents.0.message_content.encrypted_content", S("gAAA")},
       {"llm.output_messages.1.message.role", S("assistant")},
       {"llm.output_messages.1.message.tool_calls.0.tool_call.id", S("c1")},
       {"llm.output_messages.1.message.tool_calls.0.tool_call.function.name", S("f")},
       {"llm.output_messages.1.message.tool_calls.0.tool_call.function.arguments", S("{}")},
       {"llm.output_messages.2.message.role", S("assistant")},
       {"llm.output_messages.2.message.contents.0.message_content.type", S("text")},
       {"llm.output_messages.2.message.contents.0.message_content.text", S("Done.")}});
  build.AddSpan("ChatCompletion", {kLlm,
                                   {"llm.output_messages.0.message.content", S("a")},
                                   {"llm.output_messages.1.message.content", S("b")}});
  const Reading reading = build.Read();
  ASSERT_THAT(Lines(reading),
              ElementsAre("> assistant reasoning redacted", "> assistant call f c1 {}",
                          "> assistant text: Done.", "> assistant text: a", "> assistant text: b"));
  EXPECT_EQ(reading.messages[1].choice, -1);
  EXPECT_EQ(reading.messages[2].choice, -1);
  EXPECT_EQ(reading.messages[3].choice, 0);
  EXPECT_EQ(reading.messages[4].choice, 1);
}

TEST(OpenInferenceTest, ReadsLegacyFunctionCalls) {
  Build build;
  build.AddSpan("LLM",
                {kLlm,
                 {"llm.input_messages.0.message.role", S("function")},
                 {"llm.input_messages.0.message.name", S("f")},
                 {"llm.input_messages.0.message.content", S("17")},
                 {"llm.output_messages.0.message.role", S("assistant")},
                 {"llm.output_messages.0.message.function_call_name", S("g")},
                 {"llm.output_messages.0.message.function_call_arguments_json", S(R"({"b":2})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< tool result f: 17", R"(> assistant call g {"b":2})"));
}

TEST(OpenInferenceTest, NamesMediaAndSaysWhatIsHidden) {
  Build build;
  build.AddSpan("ChatCompletion",
                {kLlm,
                 {"llm.input_messages.0.message.contents.0.message_content.type", S("image")},
                 {"llm.input_messages.0.message.contents.0.message_content.image.image.url",
                  S("data:image/png;base64,aGVsbG8gd29ybGQ=")},
                 {"llm.input_messages.0.message.contents.1.message_content.type", S("image")},
                 {"llm.input_messages.0.message.contents.1.message_content.image.image.url",
                  S("__REDACTED__")},
                 {"llm.input_messages.0.message.contents.2.message_content.type", S("audio")},
                 {"llm.input_messages.0.message.contents.2.message_content.audio.audio.url",
                  S("https://x/a.wav")},
                 {"llm.input_messages.0.message.contents.2.message_content.audio.audio.mime_type",
                  S("audio/wav")},
                 {"llm.input_messages.0.message.contents.2.message_content.audio.audio.transcript",
                  S("Good morning")},
                 {"llm.input_messages.1.message.content", S("__REDACTED__")},
                 {"output.value", S("__REDACTED__")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user media: [image image/png, 11 B]", "< user media redacted",
                          "< user media: [audio audio/wav, https://x/a.wav] Good morning",
                          "< user text redacted", "> assistant text redacted"));
  EXPECT_THAT(std::string(reading.messages[1].hint), ::testing::HasSubstr("OPENINFERENCE_HIDE_"));
}

TEST(OpenInferenceTest, OrdersMessagesByNumberAndToleratesGaps) {
  Build build;
  build.AddSpan("ChatCompletion", {kLlm,
                                   {"llm.input_messages.10.message.content", S("eleventh")},
                                   {"llm.input_messages.9.message.content", S("tenth")},
                                   {"llm.input_messages.2.message.content", S("third")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: third", "< user text: tenth", "< user text: eleventh"));
}

TEST(OpenInferenceTest, ReadsMessagesThatAreOneJsonText) {
  Build build;
  build.AddSpan(
      "chat",
      {kLlm,
       {"llm.input_messages",
        S(R"([{"message.role":"system","message.content":"S"},)"
          R"({"message":{"role":"user","contents":[{"message_content":{"type":"text","text":"hi"}}]}}])")},
       {"llm.output_messages", J(R"([{"role":"assistant","content":"ho"}])")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< system text: S", "< user text: hi", "> assistant text: ho"));
}

TEST(OpenInferenceTest, ReadsCompletionsInBothSpellings) {
  Build build;
  build.AddSpan("Completion", {kLlm,
                               {"llm.prompts.0.prompt.text", S("def fib(n):\n")},
                               {"llm.choices.0.completion.text", S("  return n")},
                               {"input.value", S(R"({"prompt":"def fib(n):\n"})")}});
  build.AddSpan(
      "LLM",
      {kLlm, {"llm.prompts", J(R"(["Human: hi","Human: ho"])")}, {"output.value", S("Hello")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre("< user text: def fib(n):\n", "> assistant text:   return n",
                  "< user text: Human: hi", "< user text: Human: ho", "> assistant text: Hello"));
}

TEST(OpenInferenceTest, ReadsTheRawRequestAndAnswerWhereMessagesAreMissing) {
  Build build;
  build.AddSpan("Messages",
                {kLlm,
                 {"input.value",
                  S(R"({"model":"c","system":[{"type":"text","text":"Be brief."}],"messages":[)"
                    R"({"role":"user","content":[{"type":"text","text":"Rain?"}]}]})")},
                 {"output.value",
                  S(R"({"id":"m","type":"message","role":"assistant","stop_reason":"end_turn",)"
                    R"("content":[{"type":"text","text":"No."}]})")}});
  build.AddSpan(
      "generate",
      {kLlm,
       {"input.value", S(R"({"contents":[{"role":"user","parts":[{"text":"Sun?"}]}]})")},
       {"output.value",
        S(R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Yes."}]},"finishReason":"STOP"}]})")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< system text: Be brief.", "< user text: Rain?", "> assistant text: No.",
                          "< user text: Sun?", "> assistant text: Yes."));
  EXPECT_EQ(reading.messages[2].finish_reason, "end_turn");
  EXPECT_EQ(reading.messages[4].finish_reason, "STOP");
}

TEST(OpenInferenceTest, LeavesOutWhatAChainRepeatsOfItsCalls) {
  Build build;
  build.AddSpan("LangGraph",
                {{"openinference.span.kind", S("CHAIN")},
                 {"input.value", S(R"({"messages": [["user", "Rain?"]]})")},
                 {"input.mime_type", S("application/json")},
                 {"output.value",
                  S(R"({"messages": [{"type":"human","data":{"content":"Rain?","type":"human"}},)"
                    R"({"type":"ai","data":{"content":"No.","type":"ai"}}]})")}});
  build.AddSpan("ChatOpenAI",
                {kLlm,
                 {"llm.input_messages.0.message.role", S("user")},
                 {"llm.input_messages.0.message.content", S("Rain?")},
                 {"llm.output_messages.0.message.role", S("assistant")},
                 {"llm.output_messages.0.message.content", S("No.")}},
                1);
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: Rain?", "> assistant text: No."));
}

TEST(OpenInferenceTest, ReadsAToolsSpanOfEveryFramework) {
  Build build;
  const std::pair<std::string_view, Value> tool = {"openinference.span.kind", S("TOOL")};
  build.AddSpan("get_weather", {tool,
                                {"tool.name", S("get_weather")},
                                {"tool.parameters", S(R"({"type":"object"})")},
                                {"input.value", S(R"({"city": "Paris"})")},
                                {"output.value", S("15 °C")}});
  build.AddSpan(
      "lookup",
      {tool,
       {"input.value", S("{'city': 'Goa', 'days': 3}")},
       {"output.value",
        S(R"({"type":"tool","data":{"content":"31 °C","type":"tool","name":"lookup","tool_call_id":"c9"}})")}});
  build.AddSpan("visit",
                {tool,
                 {"tool.name", S("visit")},
                 {"tool.id", S("c1")},
                 {"input.value",
                  S(R"({"args": [], "sanitize_inputs_outputs": true, "kwargs": {"url": "x"}})")},
                 {"output.value", S(R"([{"id":1,"text":"a"}])")}});
  build.AddSpan("old", {tool, {"tool.parameters", S(R"({"n":2})")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre(R"(< tool call get_weather {"city": "Paris"})",
                          "> tool result get_weather: 15 °C",
                          R"(< tool call lookup {"city":"Goa","days":3})",
                          "> tool result lookup c9: 31 °C", R"(< tool call visit c1 {"url": "x"})",
                          R"(> tool result visit c1: [{"id":1,"text":"a"}])",
                          R"(< tool call old {"n":2})"));
  EXPECT_EQ(reading.calls[1].tool_name, "lookup");
}

TEST(OpenInferenceTest, ReadsEmbeddingsRetrieversAndRerankers) {
  Build build;
  build.AddSpan("Embedding", {{"openinference.span.kind", S("EMBEDDING")},
                              {"embedding.model_name", S("e-3")},
                              {"embedding.embeddings.0.embedding.text", S("first")},
                              {"embedding.embeddings.1.embedding.text", S("second")},
                              {"input.value", S(R"({"input":["first","second"]})")},
                              {"output.value", S(R"({"data":[{"embedding":[0.1,0.2]}]})")}});
  build.AddSpan("retrieve", {{"openinference.span.kind", S("RETRIEVER")},
                             {"input.value", S("museums")},
                             {"retrieval.documents.0.document.id", S("d1")},
                             {"retrieval.documents.0.document.content", S("Louvre")},
                             {"retrieval.documents.0.document.score", Value::Double(0.9)}});
  build.AddSpan("rerank", {{"openinference.span.kind", S("RERANKER")},
                           {"reranker.query", S("museums")},
                           {"reranker.input_documents.0.document.content", S("Orsay")},
                           {"reranker.output_documents.0.document.content", S("Louvre")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre("< user text: first", "< user text: second", "< user text: museums",
                          "> tool result retrieval d1: Louvre", "< user text: museums",
                          "> tool result rerank: Louvre"));
  EXPECT_EQ(reading.calls[0].model, "e-3");
}

TEST(OpenInferenceTest, ReadsUsageUnderEveryName) {
  Build build;
  build.AddSpan("ChatCompletion", {kLlm,
                                   {"llm.request.model_name", S("gpt-5")},
                                   {"llm.response.model_name", S("gpt-5-2026")},
                                   {"llm.model_name", S("gpt-5")},
                                   {"llm.token_count.prompt", S("120")},
                                   {"llm.token_count.completion", I(7)},
                                   {"llm.token_count.prompt_details.cache_input", I(64)},
                                   {"llm.token_count.completion_details.reasoning", I(3)},
                                   {"llm.cost.total", Value::Double(0.25)},
                                   {"session.id", S("s")}});
  const Reading reading = build.Read();
  const CallUsage& call = reading.calls[0];
  EXPECT_EQ(call.kind, CallKind::kModel);
  EXPECT_EQ(call.model, "gpt-5-2026");
  EXPECT_EQ(call.input_tokens, 120);
  EXPECT_EQ(call.output_tokens, 7);
  EXPECT_EQ(call.cache_read_tokens, 64);
  EXPECT_EQ(call.reasoning_tokens, 3);
  EXPECT_DOUBLE_EQ(call.cost_usd, 0.25);
  EXPECT_EQ(call.conversation_id, "s");
}

TEST(OpenInferenceTest, MarksATextThatTheStoreCut) {
  std::string text = "Отчёт: ";
  while (text.size() < 2048) text += "слово ";
  text.resize(2047);
  while ((static_cast<unsigned char>(text.back()) & 0xC0) == 0x80 || text.back() == '\xD1' ||
         text.back() == '\xD0') {
    text.pop_back();
  }
  Build build;
  build.AddSpan("ChatCompletion", {kLlm, {"llm.output_messages.0.message.content", S(text)}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.messages.size(), 1u);
  EXPECT_EQ(reading.messages[0].status, MessageStatus::kCut);
  EXPECT_EQ(reading.messages[0].text, text);
}

TEST(OpenInferenceTest, SaysNothingOfOtherSpans) {
  Build build;
  build.AddSpan("GET /", {{"input.value", S("x")}, {"http.request.method", S("GET")}});
  EXPECT_THAT(Lines(build.Read()), IsEmpty());
}

}  // namespace
}  // namespace spanlog::genai
