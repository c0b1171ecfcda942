// Evaluation results as records and span events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::I;
using testing::Lines;
using testing::S;

constexpr std::string_view kResult = "gen_ai.evaluation.result";

TEST(EvaluationTest, ShowsTheExplanationUnderItsVerdict) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.response.id", S("r")}});
  build.AddRecord(0, kResult, "",
                  {{"gen_ai_response_id", S("r")},
                   {"gen_ai_evaluation_name", S("Relevance")},
                   {"gen_ai_evaluation_score_value", S("0.25")},
                   {"gen_ai_evaluation_score_label", S("fail")},
                   {"gen_ai_evaluation_explanation", S("No <source>.")}});
  build.AddRecord(1, kResult, "",
                  {{"gen_ai_evaluation_name", S("Toxicity")}, {"error_type", S("timeout")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("> evaluation evaluation: No <source>.",
                                          "> evaluation evaluation: Toxicity (timeout)"));
  EXPECT_EQ(reading.messages[0].name, "Relevance = 0.25 fail");
  EXPECT_EQ(reading.messages[0].span, 0u);
  EXPECT_EQ(reading.records[0].match, "response_id");
}

TEST(EvaluationTest, ShowsAScoreOfZeroAndALabelAlone) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(
      1, kResult, "",
      {{"gen_ai_evaluation_name", S("Toxicity")}, {"gen_ai_evaluation_score_value", S("0")}});
  build.AddRecord(
      1, kResult, "",
      {{"gen_ai_evaluation_name", S("Tone")}, {"gen_ai_evaluation_score_label", S("good")}});
  const Reading reading = build.Read();
  EXPECT_EQ(reading.messages[0].name, "Toxicity = 0");
  EXPECT_EQ(reading.messages[1].name, "Tone = good");
}

TEST(EvaluationTest, ReadsSpanEventsWithTypedScores) {
  Build build;
  build.AddSpan("chat", {});
  build.AddEvent(0, kResult,
                 {{"gen_ai.evaluation.name", S("Length")},
                  {"gen_ai.evaluation.score.value", Value::Double(4)},
                  {"gen_ai.evaluation.explanation", S("Long enough.")}});
  const Reading reading = build.Read();
  EXPECT_EQ(reading.messages[0].name, "Length = 4");
  EXPECT_EQ(reading.messages[0].sources, kFromSpanEvent);
}

TEST(EvaluationTest, ReadsTheNamesOfOlderEvaluators) {
  Build build;
  build.AddSpan("chat", {});
  build.AddRecord(
      1, "gen_ai.evaluation.relevance", "",
      {{"gen_ai_evaluation_score", S("4")}, {"gen_ai_evaluation_reasoning", S("On topic.")}});
  build.AddRecord(
      1, "", "",
      {{"gen_ai_evaluation_name", S("Tone")}, {"gen_ai_evaluation_score_label", S("good")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre("> evaluation evaluation: On topic.",
                                          "> evaluation evaluation: Tone = good"));
  EXPECT_EQ(reading.messages[0].name, "relevance = 4");
}

TEST(EvaluationTest, KeepsEachVerdictAlsoWithTheSameWords) {
  Build build;
  build.AddSpan("chat", {});
  build.AddEvent(
      0, kResult,
      {{"gen_ai.evaluation.name", S("Tone")}, {"gen_ai.evaluation.explanation", S("Fine.")}});
  build.AddRecord(
      1, kResult, "",
      {{"gen_ai_evaluation_name", S("Relevance")}, {"gen_ai_evaluation_explanation", S("Fine.")}});
  build.AddRecord(
      1, kResult, "",
      {{"gen_ai_evaluation_name", S("Tone")}, {"gen_ai_evaluation_explanation", S("Fine.")}});
  const Reading reading = build.Read();
  ASSERT_EQ(reading.messages.size(), 2u);
  EXPECT_EQ(reading.messages[0].name, "Relevance");
  EXPECT_EQ(reading.messages[1].name, "Tone");
  EXPECT_EQ(reading.messages[1].sources, kFromLog | kFromSpanEvent);
}

}  // namespace
}  // namespace spanlog::genai
