#include "weave/history.h"

#include <gtest/gtest.h>

#include <string>

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
  History Fold() const {
    return FoldHistory(*world.trace, SpanTree(*world.trace), *world.reading);
  }

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

}  // namespace
}  // namespace spanlog::weave
