// Traces of ten thousands of spans, records or messages that were made to take long. Each of these
// took from seconds to hours when every one was compared with every other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "base/text.h"
#include "builders.h"
#include "genai/rebuild.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using testing::Line;
using testing::S;

constexpr std::string_view kDetails = "gen_ai.client.inference.operation.details";
const std::pair<std::string_view, Value> kChat = {"gen_ai.operation.name", S("chat")};
const std::pair<std::string_view, Value> kAgent = {"gen_ai.operation.name", S("invoke_agent")};

class ManyTest : public ::testing::Test {
 protected:
  // Keeps a text as long as the test.
  std::string_view Keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  // [{"role":"user",…}] of the texts `prefix`<first> to `prefix`<last - 1>.
  std::string_view Users(std::string_view prefix, size_t first, size_t last) {
    std::string json = "[";
    for (size_t i = first; i < last; ++i) {
      Append(json, i == first ? "" : ",", R"({"role":"user","parts":[{"type":"text","content":")",
             prefix, i, R"("}]})");
    }
    return Keep(json + "]");
  }
  // Attributes made in a loop.
  Attributes KeepAll(std::vector<Attribute> attributes) {
    return kept_.emplace_back(std::move(attributes));
  }

  Build build_;

 private:
  std::deque<std::string> texts_;
  std::deque<std::vector<Attribute>> kept_;
};

TEST_F(ManyTest, CopiesOfAConversationThatAgreeInNothingAreBothKept) {
  constexpr size_t kMany = 15'000;
  build_.AddSpan("chat", {kChat, {"gen_ai.input.messages", S(Users("a", 0, kMany))}});
  build_.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(Users("b", 0, kMany))}});
  EXPECT_EQ(build_.Read().messages.size(), 2 * kMany);
}

TEST_F(ManyTest, TheEndOfALongConversationIsFoundInItsOtherCopy) {
  constexpr size_t kMany = 10'000;
  build_.AddSpan("chat", {kChat, {"gen_ai.input.messages", S(Users("a", 0, kMany))}});
  build_.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(Users("a", kMany - 9, kMany))}});
  const Reading reading = build_.Read();
  ASSERT_EQ(reading.messages.size(), kMany);
  EXPECT_EQ(reading.messages.back().sources, kFromLog | kFromSpanAttribute);
}

TEST_F(ManyTest, WhatAgentsSayAgainIsShownOnceHoweverManyTheyAre) {
  constexpr uint32_t kMany = 10'000;
  const std::string_view same = Users("same", 0, 1);
  // Each below the one before, and the last one's model call below it.
  for (uint32_t i = 0; i < kMany; ++i) {
    build_.AddSpan("agent", {kAgent, {"gen_ai.input.messages", S(same)}}, i);
  }
  build_.AddSpan("chat", {kChat, {"gen_ai.input.messages", S(same)}}, kMany);
  // And agents side by side, whose calls say something else.
  for (uint32_t i = 0; i < kMany; ++i) {
    const uint32_t agent = build_.AddSpan("agent", {kAgent, {"gen_ai.input.messages", S(same)}});
    build_.AddSpan("chat", {kChat}, agent + 1);
  }
  const Reading reading = build_.Read();
  ASSERT_EQ(reading.messages.size(), kMany + 1);
  EXPECT_EQ(reading.messages.front().span, kMany);
}

TEST_F(ManyTest, CutTextsOfAgentsFindTheirWholeOnesBelow) {
  constexpr uint32_t kMany = 5'000;
  const std::string_view head = Keep(std::string(100, 'h'));
  for (uint32_t i = 0; i < kMany; ++i) {
    const std::string_view cut = Keep(Concat(
        R"([{"role":"user","parts":[{"type":"text","content":")", head, " number ", i, " is"));
    const uint32_t agent = build_.AddSpan("agent", {kAgent, {"gen_ai.input.messages", S(cut)}});
    const std::string_view whole = Users(Concat(head, " number ", i, " is whole "), 0, 1);
    build_.AddSpan("chat", {kChat, {"gen_ai.input.messages", S(whole)}}, agent + 1);
  }
  EXPECT_EQ(build_.Read().messages.size(), kMany);
}

TEST_F(ManyTest, CutTextsThatBeginLikeAllOthersStayCut) {
  constexpr uint32_t kMany = 20'000;
  const std::string_view head = Keep(std::string(100, 'h'));
  for (uint32_t i = 0; i < kMany; ++i) {
    const std::string_view cut =
        Keep(Concat(R"([{"role":"user","parts":[{"type":"text","content":")", head, "cut", i));
    build_.AddSpan("chat", {kChat, {"gen_ai.input.messages", S(cut)}});
    build_.AddSpan("chat",
                   {kChat, {"gen_ai.input.messages", S(Users(Concat(head, "w"), i, i + 1))}});
  }
  const Reading reading = build_.Read();
  ASSERT_EQ(reading.messages.size(), 2 * kMany);
  EXPECT_EQ(reading.messages.front().status, MessageStatus::kCut);
}

TEST_F(ManyTest, ARecordFindsItsSpanAmongAllOfTheConversation) {
  constexpr uint32_t kMany = 20'000;
  for (uint32_t i = 0; i < kMany; ++i) build_.AddSpan("call", {{"gen_ai.response.id", S("r")}});
  for (uint32_t i = 0; i < kMany; ++i) {
    build_.AddRecord(0, "", "x", {{"gen_ai_response_id", S("r")}}).time_ns =
        build_.trace.spans[kMany - 1 - i].start_ns + 5;
  }
  // Two that start as one.
  build_.trace.spans[9].start_ns = build_.trace.spans[8].start_ns;
  const Reading reading = build_.Read();
  EXPECT_EQ(reading.records[0].span, kMany - 1);
  EXPECT_EQ(reading.records[kMany - 1].span, 0u);
  EXPECT_EQ(reading.records[kMany - 1 - 8].span, 8u) << "the first of equals";
  EXPECT_EQ(reading.records[kMany - 1 - 9].span, 9u) << "by its end, which is later";
  EXPECT_EQ(reading.records[5].match, "response_id");
}

TEST_F(ManyTest, ARecordFindsItsSpanBelowADeepChain) {
  constexpr uint32_t kDeep = 10'000;
  build_.AddSpan("top", {{"session.id", S("s")}});
  for (uint32_t i = 1; i < kDeep; ++i) build_.AddSpan("below", {}, i);
  for (uint32_t i = 0; i < kDeep; ++i) {
    build_.AddRecord(0, "", "x", {{"session_id", S("s")}}).time_ns =
        build_.trace.spans[i].start_ns + 5;
  }
  const Reading reading = build_.Read();
  for (uint32_t i = 0; i < kDeep; ++i) ASSERT_EQ(reading.records[i].span, i);
}

TEST_F(ManyTest, ToolCallsOfOneMessageAreListedOnce) {
  constexpr uint32_t kMany = 20'000;
  std::string calls;
  for (uint32_t i = 0; i < kMany; ++i) {
    Append(calls, i == 0 ? "" : ",", R"({"id":"c)", i,
           R"(","type":"function","function":{"name":"f","arguments":"{}"}})");
  }
  const std::string_view json = Keep(
      Concat(R"([{"role":"assistant","content":null,"tool_calls":[)", calls, ",", calls, "]}]"));
  build_.AddSpan("chat", {kChat, {"gen_ai.output.messages", S(json)}});
  EXPECT_EQ(build_.Read().messages.size(), kMany);
}

TEST_F(ManyTest, FinishReasonsOfASpanAreReadOnceForAllOfItsAnswers) {
  constexpr uint32_t kMany = 5'000;
  std::string answers = "[", reasons = "[";
  for (uint32_t i = 0; i < kMany; ++i) {
    Append(answers, i == 0 ? "" : ",", R"({"role":"assistant","content":"answer )", i, R"("})");
    Append(reasons, i == 0 ? "" : ",", i % 2 == 0 ? R"("stop")" : R"("length")");
  }
  build_.AddSpan("chat", {kChat,
                          {"gen_ai.output.messages", S(Keep(answers + "]"))},
                          {"gen_ai.response.finish_reasons", S(Keep(reasons + "]"))}});
  const Reading reading = build_.Read();
  ASSERT_EQ(reading.messages.size(), kMany);
  EXPECT_EQ(reading.messages[4].finish_reason, "stop");
  EXPECT_EQ(reading.messages[kMany - 1].finish_reason, "length");
}

TEST_F(ManyTest, OuterVercelSpansLookAtTheirOwnChildrenOnly) {
  constexpr uint32_t kMany = 20'000;
  for (uint32_t i = 0; i < kMany; ++i) {
    build_.AddSpan("ai.generateText", {{"ai.operationId", S("ai.generateText")},
                                       {"ai.prompt", S(R"({"prompt":"outer"})")}});
  }
  build_.AddSpan("ai.generateText.doGenerate",
                 {{"ai.operationId", S("ai.generateText.doGenerate")},
                  {"ai.prompt.messages", S(R"([{"role":"user","content":"inner"}])")}},
                 7);
  const Reading reading = build_.Read();
  EXPECT_EQ(reading.messages.size(), kMany) << "the one that has an inner one says nothing itself";
  EXPECT_TRUE(reading.calls[6].aggregates_children);
  EXPECT_FALSE(reading.calls[7].aggregates_children);
}

TEST_F(ManyTest, AToolOfManyParametersKeepsTheirTypes) {
  constexpr uint32_t kMany = 10'000;
  std::vector<Attribute> attributes = {{"gen_ai.tool.name", S("f")}};
  for (uint32_t i = 0; i < kMany; ++i) {
    const std::string_view name = Keep(Concat("code.function.parameters.p", i));
    attributes.push_back({Keep(Concat(name, ".type")), S(i % 2 == 0 ? "int" : "str")});
    attributes.push_back({Keep(Concat(name, ".value")), S("1")});
  }
  build_.AddSpan("f", {});
  build_.trace.spans[0].attributes = KeepAll(std::move(attributes));
  const Reading reading = build_.Read();
  ASSERT_EQ(reading.messages.size(), 1u);
  EXPECT_TRUE(StartsWith(reading.messages[0].tool.arguments, R"({"p0":1,"p1":"1","p2":1,)"));
}

TEST_F(ManyTest, ALongNameIsNotRepeatedForEachFieldBelowIt) {
  std::string json = Concat(R"([{"message.role":"user","message.content":"Hi","x":{")",
                            std::string(100'000, 'k'), R"(":[)");
  for (int i = 0; i < 20'000; ++i) json += i == 0 ? "1" : ",1";
  json += "]}}]";
  build_.AddSpan("llm", {{"openinference.span.kind", S("LLM")}, {"llm.input_messages", S(json)}});
  const Reading reading = build_.Read();
  ASSERT_EQ(reading.messages.size(), 1u);
  EXPECT_EQ(Line(reading.messages[0]), "< user text: Hi");
  EXPECT_LT(reading.arena->bytes(), 50'000'000u);
}

TEST_F(ManyTest, MessagesOfCutLengthAreFoundAmongTheValuesOfTheirSpan) {
  constexpr int kMany = 3'000;
  build_.AddSpan("chat", {kChat});
  std::vector<SpanEvent> events;
  for (int i = 0; i < kMany; ++i) {
    SpanEvent event;
    event.name = "gen_ai.user.message";
    const std::string_view text = Keep(Concat(1'000'000 + i, std::string(2041, 'x')));
    event.attributes = KeepAll({{"content", S(text)}});
    events.push_back(event);
  }
  build_.trace.spans[0].events = events;
  const Reading reading = build_.Read();
  ASSERT_EQ(reading.messages.size(), static_cast<size_t>(kMany));
  EXPECT_EQ(reading.messages.back().status, MessageStatus::kCut);
}

TEST_F(ManyTest, ASessionOfManyServicesIsRebuilt) {
  constexpr uint32_t kMany = 30'000;
  for (uint32_t i = 0; i < kMany; ++i) {
    LogRecord& record = build_.AddRecord(0, "", "", {{"session_id", S(Keep(Concat("s", i)))}});
    record.service = Keep(Concat("service", i / 2));
    record.scope_name = Keep(Concat("scope", i / 3));
  }
  const Trace trace = RebuildTrace(build_.logs, {});
  ASSERT_EQ(trace.spans.size(), kMany);
  EXPECT_EQ(trace.resources.size(), kMany / 2);
  EXPECT_EQ(trace.scopes.size(), kMany / 3);
  EXPECT_EQ(trace.resource_of(trace.spans[7]).service_name, "service3");
  EXPECT_EQ(trace.scope_of(trace.spans[7]).name, "scope2");
}

}  // namespace
}  // namespace spanlog::genai
