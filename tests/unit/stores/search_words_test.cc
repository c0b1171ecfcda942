#include "stores/search_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spanlog::stores {
namespace {

TEST(SearchWordsTest, ReadsWords) {
  const auto words = ParseSearchWords(
      R"(service=web operation="GET /a b" http.method=GET minDuration=1.5ms maxDuration=2m)",
      "Jaeger");
  ASSERT_TRUE(words.ok()) << words.status();
  EXPECT_EQ(words->service, "web");
  EXPECT_EQ(words->operation, "GET /a b");
  EXPECT_EQ(words->min_duration_ns, 1'500'000);
  EXPECT_EQ(words->max_duration_ns, 120'000'000'000);
  EXPECT_THAT(words->tags, ::testing::ElementsAre(::testing::Pair("http.method", "GET")));
}

TEST(SearchWordsTest, ReadsTheTraceQlOfTheQueryBuilder) {
  const auto words = ParseSearchWords(
      R"({resource.service.name="web" && name="GET" && span.gen_ai.request.model = "m\"x" && duration>100ms && status=error})",
      "Zipkin");
  ASSERT_TRUE(words.ok()) << words.status();
  EXPECT_EQ(words->service, "web");
  EXPECT_EQ(words->operation, "GET");
  EXPECT_EQ(words->min_duration_ns, 100'000'000);
  EXPECT_THAT(words->tags, ::testing::ElementsAre(::testing::Pair("gen_ai.request.model", "m\"x"),
                                                  ::testing::Pair("error", "true")));
  EXPECT_EQ(TagsAsJson(*words), R"({"gen_ai.request.model":"m\"x","error":"true"})");
}

TEST(SearchWordsTest, FindsEverythingForNoWords) {
  EXPECT_TRUE(ParseSearchWords("", "Zipkin").ok());
  EXPECT_TRUE(ParseSearchWords("{}", "Zipkin").ok());
}

TEST(SearchWordsTest, SaysWhatItDoesNotUnderstand) {
  for (const char* query : {"web", "a=", "service=~\"w.*\"", "{a=\"b\" || c=\"d\"}",
                            "minDuration=fast", "x>5", "a=\"open", "{a=\"b\"} >> {c=\"d\"}"}) {
    const auto words = ParseSearchWords(query, "Jaeger");
    EXPECT_EQ(words.status().code(), absl::StatusCode::kInvalidArgument) << query;
  }
}

}  // namespace
}  // namespace spanlog::stores
