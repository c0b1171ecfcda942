#include "weave/history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "builders.h"

namespace spanlog::weave {
namespace {

struct HistoryTest : public ::testing::Test {
  HistoryTest() {
    agent = world.AddSpan(1, 0, "invoke_agent", 0, 100'000);
    world.reading->calls[agent].kind = CallKind::kAgent;
  }
  uint32_t AddCall(int64_t at_ms) {
    const uint32_t call = world.AddSpan(next_id++, 1, "chat", at_ms, at_ms + 5);
    world.reading->calls[call].kind = CallKind::kModel;
    return call;
  }
  History Fold() const { return FoldHistory(*world.trace, SpanTree(*world.trace), *world.reading); }

  World world;
  uint32_t agent;
  uint64_t next_id = 2;
};

TEST_F(HistoryTest, ShowsEachMessageOfALongRunOnce) {
  constexpr int kTurns = 40;
  std::vector<std::string> texts;
  for (int i = 0; i < kTurns * 2; ++i) texts.push_back("message " + std::to_string(i));
  for (int turn = 0; turn < kTurns; ++turn) {
    const uint32_t call = AddCall(turn * 10);
    for (int i = 0; i <= turn * 2; ++i) {
      world.AddMessage(call, i % 2 == 0 ? Role::kUser : Role::kAssistant, Direction::kInput,
                       texts[i]);
    }
    world.AddMessage(call, Role::kAssistant, Direction::kOutput, texts[turn * 2 + 1]);
  }
  const History history = Fold();

  const auto shown = std::count(history.fold.begin(), history.fold.end(), false);
  EXPECT_EQ(shown, kTurns * 2);
  EXPECT_EQ(history.calls.back().folded, 2u * (kTurns - 1));
  EXPECT_FALSE(history.calls.back().rewritten);
}

TEST_F(HistoryTest, FlagsAHistoryThatLostMessages) {
  const uint32_t first = AddCall(0);
  world.AddMessage(first, Role::kUser, Direction::kInput, "one");
  world.AddMessage(first, Role::kUser, Direction::kInput, "two");
  const uint32_t second = AddCall(10);
  world.AddMessage(second, Role::kUser, Direction::kInput, "two");
  world.AddMessage(second, Role::kUser, Direction::kInput, "three");
  const History history = Fold();

  EXPECT_TRUE(history.calls[second].rewritten);
  EXPECT_EQ(history.calls[second].folded, 1u);
}

TEST_F(HistoryTest, DoesNotFoldAnAnswerThatRepeatsItself) {
  for (int i = 0; i < 2; ++i) {
    world.AddMessage(AddCall(i * 10), Role::kAssistant, Direction::kOutput, "Done.");
  }
  EXPECT_EQ(Fold().fold, (std::vector<bool>{false, false}));
}

TEST_F(HistoryTest, KeepsTheHistoriesOfTwoAgentsApart) {
  const uint32_t other = world.AddSpan(50, 0, "invoke_agent other", 0, 100);
  world.reading->calls[other].kind = CallKind::kAgent;
  world.AddMessage(AddCall(0), Role::kUser, Direction::kInput, "same words");
  const uint32_t call = world.AddSpan(51, 50, "chat", 10, 20);
  world.reading->calls[call].kind = CallKind::kModel;
  world.AddMessage(call, Role::kUser, Direction::kInput, "same words");

  EXPECT_EQ(Fold().fold, (std::vector<bool>{false, false}));
}

TEST_F(HistoryTest, KnowsAToolCallByItsIdAndAResultByItsText) {
  const uint32_t first = AddCall(0);
  Message& call = world.AddMessage(first, Role::kAssistant, Direction::kOutput, "");
  call.kind = PartKind::kToolCall;
  call.tool = {"get", "call_1", "{}"};
  const uint32_t second = AddCall(10);
  Message& again = world.AddMessage(second, Role::kAssistant, Direction::kInput, "");
  again.kind = PartKind::kToolCall;
  again.tool = {"get", "call_1", "{ }"};

  EXPECT_EQ(Fold().fold, (std::vector<bool>{false, true}));
}

TEST_F(HistoryTest, ShowsWhatSomebodySaysASecondTime) {
  const uint32_t first = AddCall(0);
  world.AddMessage(first, Role::kUser, Direction::kInput, "yes");
  world.AddMessage(first, Role::kAssistant, Direction::kOutput, "Sure?");
  const uint32_t second = AddCall(10);
  world.AddMessage(second, Role::kUser, Direction::kInput, "yes");
  world.AddMessage(second, Role::kAssistant, Direction::kInput, "Sure?");
  world.AddMessage(second, Role::kUser, Direction::kInput, "yes");

  EXPECT_EQ(Fold().fold, (std::vector<bool>{false, false, true, true, false}));
  EXPECT_EQ(Fold().calls[second].folded, 2u);
}

TEST_F(HistoryTest, FoldsEqualResultsOfTwoToolsInTheNextCall) {
  for (int i = 0; i < 2; ++i) {
    const uint32_t tool = world.AddSpan(next_id++, 1, "execute_tool", i, i + 1);
    world.reading->calls[tool].kind = CallKind::kTool;
    world.AddMessage(tool, Role::kTool, Direction::kOutput, "ok").kind = PartKind::kToolResult;
  }
  const uint32_t call = AddCall(10);
  for (int i = 0; i < 2; ++i) {
    world.AddMessage(call, Role::kTool, Direction::kInput, "ok").kind = PartKind::kToolResult;
  }
  EXPECT_EQ(Fold().fold, (std::vector<bool>{false, false, true, true}));
}

TEST_F(HistoryTest, ShowsEachMessageOfAToolLoopOnce) {
  const uint32_t first = AddCall(0);
  world.AddMessage(first, Role::kUser, Direction::kInput, "Weather?");
  Message& asked = world.AddMessage(first, Role::kAssistant, Direction::kOutput, "");
  asked.kind = PartKind::kToolCall;
  asked.tool = {"get", "", R"({"city": "Oslo"})"};
  const uint32_t tool = world.AddSpan(next_id++, 1, "execute_tool get", 5, 8);
  world.reading->calls[tool].kind = CallKind::kTool;
  Message& told = world.AddMessage(tool, Role::kTool, Direction::kInput, "");
  told.kind = PartKind::kToolCall;
  told.tool = {"get", "", R"({"city":"Oslo"})"};
  world.AddMessage(tool, Role::kTool, Direction::kOutput, "snow").kind = PartKind::kToolResult;
  const uint32_t second = AddCall(10);
  world.AddMessage(second, Role::kUser, Direction::kInput, "Weather?");
  Message& again = world.AddMessage(second, Role::kAssistant, Direction::kInput, "");
  again.kind = PartKind::kToolCall;
  again.tool = {"get", "", R"({"city":"Oslo"})"};
  world.AddMessage(second, Role::kTool, Direction::kInput, "snow").kind = PartKind::kToolResult;
  world.AddMessage(second, Role::kAssistant, Direction::kOutput, "Snow.");

  EXPECT_EQ(Fold().fold, (std::vector<bool>{false, false, true, false, true, true, true, false}));
  EXPECT_FALSE(Fold().calls[second].rewritten);
}

TEST_F(HistoryTest, GoesOnInTheNextRunOfTheSameAgent) {
  world.reading->calls[agent].agent_name = "travel";
  const uint32_t first = AddCall(0);
  world.AddMessage(first, Role::kUser, Direction::kInput, "one");
  const uint32_t run = world.AddSpan(70, 0, "invoke_agent", 200'000, 300'000);
  world.reading->calls[run].kind = CallKind::kAgent;
  world.reading->calls[run].agent_name = "travel";
  const uint32_t second = world.AddSpan(71, 70, "chat", 200'000, 200'005);
  world.reading->calls[second].kind = CallKind::kModel;
  world.AddMessage(second, Role::kUser, Direction::kInput, "one");
  world.AddMessage(second, Role::kUser, Direction::kInput, "two");

  EXPECT_EQ(Fold().fold, (std::vector<bool>{false, true, false}));
  world.reading->calls[agent].conversation_id = "a";
  world.reading->calls[run].conversation_id = "b";
  EXPECT_EQ(Fold().fold, (std::vector<bool>{false, false, false}));
}

TEST_F(HistoryTest, KeepsInterleavedAgentsApartInTime) {
  const uint32_t other = world.AddSpan(50, 0, "invoke_agent other", 0, 100'000);
  world.reading->calls[other].kind = CallKind::kAgent;
  for (int turn = 0; turn < 3; ++turn) {
    for (const uint64_t parent : {uint64_t{1}, uint64_t{50}}) {
      const uint32_t call = world.AddSpan(next_id++, parent, "chat", turn * 10, turn * 10 + 5);
      world.reading->calls[call].kind = CallKind::kModel;
      for (int i = 0; i <= turn; ++i) {
        world.AddMessage(call, Role::kUser, Direction::kInput, i == 0 ? "a" : i == 1 ? "b" : "c");
      }
    }
    if (next_id == 50) next_id = 60;
  }
  const History history = Fold();
  EXPECT_EQ(std::count(history.fold.begin(), history.fold.end(), false), 6);
  for (const CallHistory& call : history.calls) EXPECT_FALSE(call.rewritten);
}

TEST_F(HistoryTest, DoesNotCallAHistoryRewrittenThatWasCutOrChangedItsSystemPrompt) {
  const uint32_t first = AddCall(0);
  world.AddMessage(first, Role::kSystem, Direction::kInput, "It is 10:00.");
  world.AddMessage(first, Role::kUser, Direction::kInput, "one");
  world.AddMessage(first, Role::kUser, Direction::kInput, "two");
  const uint32_t second = AddCall(10);
  world.AddMessage(second, Role::kSystem, Direction::kInput, "It is 10:01.");
  world.AddMessage(second, Role::kUser, Direction::kInput, "one");
  world.AddMessage(second, Role::kUser, Direction::kInput, "two");
  EXPECT_FALSE(Fold().calls[second].rewritten);

  const uint32_t third = AddCall(20);
  world.AddMessage(third, Role::kUser, Direction::kInput, "one");
  world.AddMessage(third, Role::kUser, Direction::kInput, "tw").status = MessageStatus::kCut;
  EXPECT_FALSE(Fold().calls[third].rewritten);
}

TEST_F(HistoryTest, DoesNotCompareCallsThatRunSideBySide) {
  const uint32_t first = AddCall(0);
  world.AddMessage(first, Role::kUser, Direction::kInput, "task");
  world.AddMessage(first, Role::kUser, Direction::kInput, "left half");
  const uint32_t second = AddCall(2);
  world.AddMessage(second, Role::kUser, Direction::kInput, "task");
  world.AddMessage(second, Role::kUser, Direction::kInput, "right half");
  EXPECT_FALSE(Fold().calls[second].rewritten);
}

// Took minutes when each call walked up to the top.
TEST(DeepHistoryTest, CallsOfAgentsDeepBelowEachOtherAreConversationsOfTheirOwn) {
  constexpr uint32_t kDeep = 20'000;
  World world;
  for (uint32_t i = 0; i < kDeep; ++i) {
    const uint32_t agent = world.AddSpan(3 * i + 1, i == 0 ? 0 : 3 * i - 2, "agent", 0, 100);
    world.reading->calls[agent].kind = CallKind::kAgent;
    for (uint64_t id = 3 * i + 2; id <= 3 * i + 3; ++id) {
      const uint32_t call = world.AddSpan(id, 3 * i + 1, "chat", static_cast<int64_t>(id), 100'000);
      world.reading->calls[call].kind = CallKind::kModel;
      world.AddMessage(call, Role::kUser, Direction::kInput, "Hi");
    }
  }
  const History history = FoldHistory(*world.trace, SpanTree(*world.trace), *world.reading);
  for (size_t i = 0; i < history.fold.size(); ++i) {
    ASSERT_EQ(history.fold[i], i % 2 == 1) << "the second call of each agent repeats the first's";
  }
}

}  // namespace
}  // namespace spanlog::weave
