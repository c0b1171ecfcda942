// One message once per call; cut texts made whole; what is missing and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Lines;
using testing::S;

constexpr std::string_view kDetails = "gen_ai.client.inference.operation.details";
constexpr std::string_view kHi = R"([{"role":"user","parts":[{"type":"text","content":"hi"}]}])";

TEST(MergeTest, MakesOneMessageOfSpanEventAndRecord) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.input.messages", S(kHi)}});
  build.AddEvent(0, "gen_ai.content.prompt",
                 {{"gen_ai.prompt", S(R"([{"role":"user","content":"hi"}])")}});
  build.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(kHi)}});
  build.AddRecord(1, "gen_ai.user.message", R"({"content":"hi"})");
  const Reading reading = build.Read();
  ASSERT_THAT(Lines(reading), ElementsAre("< user text: hi"));
  EXPECT_EQ(reading.messages[0].sources, kFromLog | kFromSpanAttribute | kFromSpanEvent);
  // The record that is this message keeps it; the other one still has a row.
  EXPECT_EQ(reading.messages[0].record, 1u);
  EXPECT_TRUE(reading.records[1].is_message);
  EXPECT_FALSE(reading.records[0].is_message);
  EXPECT_THAT(std::string(reading.records[0].title), HasSubstr("records of their own"));
}

TEST(MergeTest, KeepsWhatOneCopySaysTwice) {
  Build build;
  constexpr std::string_view kTwice =
      R"([{"role":"user","parts":[{"type":"text","content":"yes"}]},)"
      R"({"role":"assistant","parts":[{"type":"text","content":"Sure?"}]},)"
      R"({"role":"user","parts":[{"type":"text","content":"yes"}]}])";
  build.AddSpan("chat", {{"gen_ai.input.messages", S(kTwice)}});
  build.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(kTwice)}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: yes", "< assistant text: Sure?", "< user text: yes"));
}

TEST(MergeTest, KeepsASecondYesThroughEveryCopyOfTheCall) {
  constexpr std::string_view kTwice =
      R"([{"role":"user","parts":[{"type":"text","content":"yes"}]},)"
      R"({"role":"user","parts":[{"type":"text","content":"yes"}]}])";
  Build build;
  build.AddSpan("invoke_agent", {{"gen_ai.operation.name", S("invoke_agent")},
                                 {"gen_ai.input.messages", S(kTwice)}});
  build.AddSpan("chat",
                {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(kTwice)}}, 1);
  build.AddEvent(1, "gen_ai.content.prompt",
                 {{"gen_ai.prompt",
                   S(R"([{"role":"user","content":"yes"},{"role":"user","content":"yes"}])")}});
  build.AddRecord(2, kDetails, "", {{"gen_ai_input_messages", S(kTwice)}});
  build.AddRecord(2, "gen_ai.user.message", R"({"content":"yes"})");
  build.AddRecord(2, "gen_ai.user.message", R"({"content":"yes"})");
  const Reading reading = build.Read();
  ASSERT_THAT(Lines(reading), ElementsAre("< user text: yes", "< user text: yes"));
  for (const Message& message : reading.messages) {
    EXPECT_EQ(message.sources, kFromLog | kFromSpanAttribute | kFromSpanEvent);
  }
  EXPECT_EQ(reading.messages[0].record, 1u);
  EXPECT_EQ(reading.messages[1].record, 2u);
  EXPECT_TRUE(reading.records[0].is_repeat);
  EXPECT_FALSE(reading.records[1].is_repeat);
}

TEST(MergeTest, LeavesARecordThatNeverHadMessagesAlone) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(kHi)}});
  build.AddRecord(1, "", "an ordinary line");
  const Reading reading = build.Read();
  EXPECT_FALSE(reading.records[0].is_repeat);
  EXPECT_FALSE(reading.records[1].is_repeat);
}

TEST(MergeTest, ComparesArgumentsByMeaning) {
  Build build;
  build.AddSpan(
      "chat",
      {{"gen_ai.output.messages",
        S(R"([{"role":"assistant","parts":[{"type":"tool_call","name":"f","arguments":{"b": 2.0, "a":"x"}}]}])")}});
  build.AddRecord(
      1, kDetails, "",
      {{"gen_ai_output_messages",
        S(R"([{"parts":[{"arguments":{"a":"x","b":2},"name":"f","type":"tool_call"}],"role":"assistant"}])")}});
  const Reading reading = build.Read();
  // The span's spelling is the emitter's.
  EXPECT_THAT(Lines(reading), ElementsAre(R"(> assistant call f {"b": 2.0, "a":"x"})"));
}

TEST(MergeTest, KnowsAResultInItsWrappingForTheOneWithout) {
  Build build;
  // Two conventions on one tool's span; only one of them is read out of its blocks.
  build.AddSpan("f", {{"openinference.span.kind", S("TOOL")},
                      {"tool.name", S("f")},
                      {"output.value", S(R"([{"type": "text", "text": "14 °C"}])")},
                      {"gen_ai.tool.name", S("f")},
                      {"gen_ai.tool.call.result", S(R"([{"text":"14 °C","type":"text"}])")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("> tool result f: 14 °C"));
}

TEST(MergeTest, PutsWhatOnlyOneCopyHasInItsPlace) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.input.messages",
                          S(R"([{"role":"user","parts":[{"type":"text","content":"a"}]},
                               {"role":"user","parts":[{"type":"text","content":"c"}]}])")}});
  build.AddRecord(1, "gen_ai.user.message", R"({"content":"a"})");
  build.AddRecord(1, "gen_ai.user.message", R"({"content":"b"})");
  build.AddRecord(1, "gen_ai.user.message", R"({"content":"c"})");
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: a", "< user text: b", "< user text: c"));
}

TEST(MergeTest, LetsContentStandForWhatAnotherCopyLeftOut) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.input.messages", S(kHi)}});
  build.AddRecord(1, "gen_ai.user.message", "");
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("< user text: hi"));
  EXPECT_EQ(reading.messages[0].record, 0u);
}

TEST(MergeTest, KeepsTheSameWordsOfDifferentCalls) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(kHi)}});
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(kHi)}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: hi", "< user text: hi"));
}

TEST(MergeTest, LeavesOutWhatAgentsRepeatButNotWhatRecordsCarry) {
  Build build;
  build.AddSpan("invoke_agent",
                {{"gen_ai.operation.name", S("invoke_agent")}, {"gen_ai.input.messages", S(kHi)}});
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(kHi)}},
                1);
  Reading reading = build.Read();
  ASSERT_THAT(Lines(reading), ElementsAre("< user text: hi"));
  EXPECT_EQ(reading.messages[0].span, 1u);
  build.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(kHi)}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< user text: hi", "< user text: hi"));
}

TEST(MergeTest, KeepsAModelsToolCallThatTheToolsSpanShowsToo) {
  Build build;
  build.AddSpan(
      "chat",
      {{"gen_ai.operation.name", S("chat")},
       {"gen_ai.output.messages",
        S(R"([{"role":"assistant","parts":[{"type":"tool_call","id":"c","name":"f","arguments":{}}]}])")}});
  build.AddSpan("execute_tool f",
                {{"gen_ai.operation.name", S("execute_tool")},
                 {"gen_ai.tool.name", S("f")},
                 {"gen_ai.tool.call.id", S("c")},
                 {"gen_ai.tool.call.arguments", S("{}")}},
                1);
  EXPECT_THAT(Lines(build.Read()), ElementsAre("> assistant call f c {}", "< tool call f c {}"));
}

TEST(MergeTest, NamesAResultByTheCallBeforeItAlsoWhereIdsBeginAnew) {
  Build build;
  build.AddSpan(
      "chat",
      {{"gen_ai.operation.name", S("chat")},
       {"gen_ai.input.messages",
        S(R"([{"role":"assistant","parts":[{"type":"tool_call","id":"0","name":"f","arguments":{}}]},
             {"role":"tool","parts":[{"type":"tool_call_response","id":"0","response":"one"}]},
             {"role":"assistant","parts":[{"type":"tool_call","id":"0","name":"g","arguments":{}}]},
             {"role":"tool","parts":[{"type":"tool_call_response","id":"0","response":"two"}]}])")}});
  build.AddSpan(
      "chat",
      {{"gen_ai.operation.name", S("chat")},
       {"gen_ai.input.messages",
        S(R"([{"role":"tool","parts":[{"type":"tool_call_response","id":"0","response":"?"}]}])")}});
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< assistant call f 0 {}", "< tool result f 0: one",
                                               "< assistant call g 0 {}", "< tool result g 0: two",
                                               "< tool result 0: ?"));
}

TEST(MergeTest, SurvivesParentsInACircle) {
  Build build;
  build.AddSpan("a", {{"gen_ai.input.messages", S(kHi)}}, 2);
  build.AddSpan("b", {{"gen_ai.input.messages", S(kHi)}}, 1);
  EXPECT_LE(build.Read().messages.size(), 2u);
}

class HealTest : public ::testing::Test {
 protected:
  HealTest() {
    for (int day = 0; day < 200; ++day) plan_ += "Day " + std::to_string(day) + ": a walk. ";
    whole_ = R"([{"role":"assistant","parts":[{"type":"text","content":")" + plan_ + R"("}]}])";
    cut_ = whole_.substr(0, 2048);
  }
  std::string plan_, whole_, cut_;
};

TEST_F(HealTest, CompletesACutTextFromItsRecord) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.output.messages", S(cut_)}});
  build.AddRecord(1, kDetails, "", {{"gen_ai_output_messages", S(whole_)}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.messages.size(), 1u);
  EXPECT_EQ(reading.messages[0].text, plan_);
  EXPECT_EQ(reading.messages[0].status, MessageStatus::kHealed);
  EXPECT_EQ(reading.messages[0].sources, kFromLog | kFromSpanAttribute);
  EXPECT_THAT(reading.findings, IsEmpty());
}

TEST_F(HealTest, DoesNotCompleteFromATextThatBeginsOtherwise) {
  Build build;
  std::string other = whole_;
  other[other.find("Day 3")] = 'T';
  build.AddSpan("chat", {{"gen_ai.output.messages", S(cut_)}});
  build.AddRecord(1, kDetails, "", {{"gen_ai_output_messages", S(other)}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.messages.size(), 2u);
  EXPECT_EQ(reading.messages[0].status == MessageStatus::kCut, true);
}

TEST_F(HealTest, SaysWhatWasCutWhenNothingCompletesIt) {
  Build build;
  build.AddSpan("chat",
                {{"gen_ai.operation.name", S("chat")}, {"gen_ai.output.messages", S(cut_)}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.messages.size(), 1u);
  EXPECT_EQ(reading.messages[0].status, MessageStatus::kCut);
  EXPECT_TRUE(plan_.starts_with(reading.messages[0].text));
  EXPECT_GT(reading.messages[0].text.size(), 1900u);
  EXPECT_THAT(reading.findings, Contains(HasSubstr("cut by the trace store")));
}

TEST_F(HealTest, CompletesFromALaterCallThatRepeatsTheHistory) {
  Build build;
  build.AddSpan("chat",
                {{"gen_ai.operation.name", S("chat")}, {"gen_ai.output.messages", S(cut_)}});
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}});
  build.AddRecord(2, kDetails, "", {{"gen_ai_input_messages", S(whole_)}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.messages.size(), 2u);
  EXPECT_EQ(reading.messages[0].text, plan_);
  EXPECT_EQ(reading.messages[0].status, MessageStatus::kHealed);
}

TEST_F(HealTest, CompletesWhereverTheCutIs) {
  // Also inside names, ids and arguments, and with the content before the type.
  const std::string both =
      R"([{"parts":[{"arguments":{"city":"Paris","days":[1,2]},"id":"call_1","name":"get_weather",)"
      R"("type":"tool_call"}],"role":"assistant"},{"role":"tool","parts":[{"type":"tool_call_response",)"
      R"("id":"call_1","response":{"sky":"grey"}}]},{"role":"user","parts":[{"content":"Thanks a lot",)"
      R"("type":"text"}]}])";
  for (size_t size = 2; size < both.size(); ++size) {
    Build build;
    build.AddSpan("chat", {{"gen_ai.input.messages", S(std::string_view(both).substr(0, size))}});
    build.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(both)}});
    const Reading reading = build.Read();
    std::vector<std::string> lines = Lines(reading);
    for (std::string& line : lines) {
      if (const size_t at = line.find(" healed"); at != std::string::npos) line.erase(at, 7);
    }
    EXPECT_THAT(lines,
                ElementsAre(R"(< assistant call get_weather call_1 {"city":"Paris","days":[1,2]})",
                            R"(< tool result get_weather call_1: {"sky":"grey"})",
                            "< user text: Thanks a lot"))
        << size;
  }
}

TEST_F(HealTest, CompletesATextCutInsideAnEscapeOrACharacter) {
  // What Tempo leaves of a character it cut, the store's reader made valid UTF-8.
  const std::string both =
      R"([{"role":"user","parts":[{"type":"text","content":"Tab\tand \"quote\", \u00fc and \ud83d\ude00, )"
      "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"
      R"( and so on until the end of it all"}]}])";
  const std::string text =
      "Tab\tand \"quote\", \u00fc and \U0001F600, \u65e5\u672c\u8a9e and so on until the end of it "
      "all";
  for (size_t size = both.find("Tab"); size < both.size(); ++size) {
    std::string cut = both.substr(0, size);
    if (size < both.size() && (both[size] & 0xC0) == 0x80) {
      while ((cut.back() & 0xC0) == 0x80) cut.pop_back();
      cut.back() = '\xEF';
      cut += "\xBF\xBD";
    }
    Build build;
    build.AddSpan("chat", {{"gen_ai.input.messages", S(cut)}});
    build.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(both)}});
    const Reading reading = build.Read();
    ASSERT_EQ(reading.messages.size(), 1u) << size;
    EXPECT_EQ(reading.messages[0].text, text) << size;
    EXPECT_THAT(reading.findings, IsEmpty()) << size;
  }
}

TEST_F(HealTest, CompletesAToolsResultThatWasCutInside) {
  Build build;
  const std::string whole =
      R"([{"role":"tool","parts":[{"type":"tool_call_response","id":"c","response":{"plan":")" +
      plan_ + R"("}}]}])";
  build.AddSpan("chat", {{"gen_ai.input.messages", S(std::string_view(whole).substr(0, 2048))}});
  build.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(whole)}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.messages.size(), 1u);
  EXPECT_EQ(reading.messages[0].text, R"({"plan":")" + plan_ + R"("})");
  EXPECT_EQ(reading.messages[0].status, MessageStatus::kHealed);
}

TEST_F(HealTest, SeesTheCutOfAPlainAttribute) {
  Build build;
  const std::string cut = plan_.substr(0, 2046) + "\xEF\xBF\xBD";
  const std::string json = R"({"plan":")" + plan_;
  const std::string arguments = json.substr(0, 2048);
  build.AddSpan("execute_tool f", {{"gen_ai.operation.name", S("execute_tool")},
                                   {"gen_ai.tool.name", S("f")},
                                   {"gen_ai.tool.call.arguments", S(arguments)},
                                   {"gen_ai.tool.call.result", S(cut)}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.messages.size(), 2u);
  EXPECT_EQ(reading.messages[0].status, MessageStatus::kRepaired);
  EXPECT_TRUE(reading.messages[0].tool.arguments.ends_with("\"}"));
  EXPECT_EQ(reading.messages[1].status, MessageStatus::kCut);
  EXPECT_EQ(reading.messages[1].text, plan_.substr(0, 2046));
}

TEST_F(HealTest, SuspectsTheLogStoreWhenTheDetailsAreGone) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(kHi)}});
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(kHi)}});
  build.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(kHi)}});
  EXPECT_THAT(build.Read().findings,
              ElementsAre(HasSubstr("1 model call has no details event in the log store")));
}

TEST(JoinTest, PlacesARecordByTheIdsItShares) {
  Build build;
  build.AddSpan("agent", {{"gen_ai.conversation.id", S("conv")}});
  build.AddSpan("tool", {{"gen_ai.tool.call.id", S("c1")}}, 1);
  build.AddRecord(0, "", "tool says", {{"tool_call_id", S("c1")}});
  build.AddRecord(0, "", "session says", {{"session_id", S("conv")}});
  build.AddRecord(99, "", "unknown span", {{"call_id", S("c1")}});
  build.AddRecord(1, "", "knows its span", {{"call_id", S("c1")}});
  build.AddRecord(0, "", "nothing shared", {{"call_id", S("zzz")}});
  const Reading reading = build.Read();
  EXPECT_EQ(reading.records[0].span, 1u);
  EXPECT_EQ(reading.records[0].match, "tool_call_id");
  EXPECT_EQ(reading.records[1].span, 0u);
  EXPECT_EQ(reading.records[1].match, "conversation_id");
  EXPECT_EQ(reading.records[2].span, 1u);
  EXPECT_EQ(reading.records[3].span, kNoIndex);
  EXPECT_EQ(reading.records[4].span, kNoIndex);
}

TEST(ReaderTest, ReadsNothingOutOfNothing) {
  Build build;
  EXPECT_TRUE(build.Read().messages.empty());
  build.AddRecord(0, "", "a plain line");
  const Reading reading = build.Read();
  EXPECT_TRUE(reading.messages.empty());
  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_FALSE(reading.records[0].is_message);
  EXPECT_THAT(reading.findings, IsEmpty());
}

}  // namespace
}  // namespace spanlog::genai
