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

}  // namespace
}  // namespace spanlog::stores
