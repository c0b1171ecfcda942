#include "weave/titles.h"

#include <gtest/gtest.h>

#include <limits>

namespace spanlog::weave {
namespace {

TEST(TitlesTest, ShowsAToolCallAsACall) {
  Arena arena;
  Message message;
  message.kind = PartKind::kToolCall;
  message.tool = {"get_weather", "call_1", R"({"city": "Paris"})"};
  EXPECT_EQ(MessageTitle(message, 100, arena), R"(→ get_weather({"city": "Paris"}))");
}

TEST(TitlesTest, NamesAnEvaluationByItsVerdict) {
  Arena arena;
  Message message;
  message.kind = PartKind::kEvaluation;
  message.name = "Relevance = 4 relevant";
  message.text = "Answers the question.";
  EXPECT_EQ(MessageTitle(message, 100, arena), "Relevance = 4 relevant: Answers the question.");
}

TEST(TitlesTest, SaysThatNothingWasCaptured) {
  Arena arena;
  Message message;
  message.status = MessageStatus::kOff;
  EXPECT_EQ(MessageTitle(message, 100, arena), "(content not captured)");
}

TEST(TitlesTest, WritesTimesAndCountsForPeople) {
  EXPECT_EQ(DurationText(1'500'000'000), "1.5 s");
  EXPECT_EQ(DurationText(-350'000'000), "350 ms");
  EXPECT_EQ(DurationText(2ll * 3600 * 1'000'000'000 + 300ll * 1'000'000'000), "2 h 5 min");
  EXPECT_EQ(CountText(950), "950");
  EXPECT_EQ(CountText(12'431), "12.4k");
  EXPECT_EQ(CountText(3'100'000), "3.1M");
}

TEST(TitlesTest, WritesAllDigitsOfANumberHoweverLarge) {
  EXPECT_EQ(FixedText(0.0425, 3), "0.043");
  EXPECT_EQ(FixedText(12.35, 0), "12");
  EXPECT_EQ(FixedText(1e36, 2), "1000000000000000042420637374017961984.00");
  EXPECT_EQ(FixedText(-std::numeric_limits<double>::max(), 15).size(), 1u + 309 + 1 + 15);
}

TEST(TitlesTest, NamesEverySourceOfAText) {
  Arena arena;
  EXPECT_EQ(SourcesText(kFromLog | kFromSpanAttribute | kFromSpanEvent, arena),
            "log, span attribute, span event");
}

}  // namespace
}  // namespace spanlog::weave
