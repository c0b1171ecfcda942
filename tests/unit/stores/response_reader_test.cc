#include "stores/loki/response_reader.h"

#include <gtest/gtest.h>

namespace spanlog::stores {
namespace {

TEST(LokiAnswersTest, ARecordOfAnImpossibleTimeKeepsATimeThatCanBeDrawn) {
  LokiAnswers answers;
  const auto count = answers.Add(
      R"({"status":"success","data":{"resultType":"streams","result":[{"stream":{"app":"a"},"values":[
          ["soon","a"],["-5","b"],["0","c"],["9223372036854775807","d"],["1795253211934000000","e"]]}]}})");
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ(*count, 5u);
  for (const LogRecord& record : answers.batch().records) {
    EXPECT_GT(record.time_ns, 0) << record.line;
    EXPECT_LE(record.time_ns, int64_t{1} << 62) << record.line;
    if (record.line == "e") {
      EXPECT_EQ(record.time_ns, 1795253211934000000);
    }
  }
}

// However a body is spelled.
TEST(LokiAnswersTest, RefusesABodyThatWouldFillTheMemory) {
  for (const std::string record : {R"(["1",""])", "[]"}) {
    std::string body =
        R"({"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[)";
    for (int i = 0; i < 1'000'000; ++i) body.append(i == 0 ? "" : ",").append(record);
    LokiAnswers answers;
    const auto count = answers.Add(body + "]}]}}");
    EXPECT_EQ(count.status().code(), absl::StatusCode::kResourceExhausted) << record;
    EXPECT_EQ(answers.size(), 0u);
  }
}

TEST(LokiAnswersTest, LokisOwnWordsAreBounded) {
  const std::string text(1 << 20, 'x');
  LokiAnswers answers;
  const absl::Status refused =
      answers.Add(R"({"status":"error","error":")" + text + "\"}").status();
  EXPECT_LT(refused.message().size(), 1000u);
  std::string warnings;
  for (int i = 0; i < 1000; ++i)
    warnings.append(i == 0 ? "\"" : ",\"").append(text, 0, 1000).append("\"");
  const auto count = answers.Add(
      R"({"status":"success","data":{"resultType":"streams","result":[]},"warnings":[)" + warnings +
      "]}");
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_LE(answers.batch().warnings.size(), 50u);
  EXPECT_FALSE(answers.batch().warnings.empty());
  for (const std::string& warning : answers.batch().warnings) EXPECT_LT(warning.size(), 1000u);
}

}  // namespace
}  // namespace spanlog::stores
