#include "query/log_search.h"

#include <gtest/gtest.h>

#include "fake_stores.h"

namespace spanlog::query {
namespace {

TEST(LogSearchTest, AsksForTheTracesServicesAndItsWindow) {
  Trace trace = OneSpanTrace(*ParseTraceId("1"));
  trace.resources.push_back({"another", {}});
  trace.resources.push_back({"svc", {}});
  const stores::LogSearch search = MakeLogSearch(trace, {}, {});

  EXPECT_EQ(search.services, (std::vector<std::string>{"another", "svc"}));
  EXPECT_EQ(search.start_ns, kStart);
  EXPECT_EQ(search.end_ns, kStart + 1'000'000'000);
}

TEST(LogSearchTest, TakesJoinKeysAndKeysThatTheQueryNamesAndNoOthers) {
  Trace trace = OneSpanTrace(*ParseTraceId("1"));
  const Attribute attributes[] = {{"session.id", Value::String("s-1")},
                                  {"pod", Value::String("p-1")},
                                  {"http.url", Value::String("/x")}};
  trace.spans[0].attributes = attributes;
  settings::Query query;
  query.logs_query = R"({pod="${__span.tags["pod"]}"})";
  const stores::LogSearch search = MakeLogSearch(trace, query, {});

  ASSERT_EQ(search.attributes.size(), 2u);
  EXPECT_EQ(search.attributes[0], (std::pair<std::string, std::string>("session.id", "s-1")));
  EXPECT_EQ(search.attributes[1], (std::pair<std::string, std::string>("pod", "p-1")));
}

TEST(LogSearchTest, TakesEveryPromptOfTheTraceOnce) {
  Trace trace = OneSpanTrace(*ParseTraceId("1"));
  static std::vector<std::string> prompts;
  static std::vector<std::vector<Attribute>> attributes(64);
  prompts.reserve(64);
  trace.spans.resize(64, trace.spans[0]);
  for (size_t i = 0; i < 64; ++i) {
    prompts.push_back("prompt-" + std::to_string(i / 2 % 3));
    attributes[i] = {{"prompt.id", Value::String(prompts.back())}};
    trace.spans[i].attributes = attributes[i];
  }
  EXPECT_EQ(MakeLogSearch(trace, {}, {}).attributes.size(), 3u);
  for (size_t i = 0; i < 64; ++i) prompts[i] = "other-" + std::to_string(i);
  for (size_t i = 0; i < 64; ++i) attributes[i] = {{"prompt.id", Value::String(prompts[i])}};
  for (size_t i = 0; i < 64; ++i) trace.spans[i].attributes = attributes[i];
  EXPECT_EQ(MakeLogSearch(trace, {}, {}).attributes.size(), 17u) << "too many to be of use";
}

TEST(LogSearchTest, LooksWhereLokiFilesRecordsWithoutAService) {
  Trace trace = OneSpanTrace(*ParseTraceId("1"));
  trace.resources.push_back({"", {}});
  EXPECT_EQ(MakeLogSearch(trace, {}, {}).services,
            (std::vector<std::string>{"svc", "unknown_service"}));
}

TEST(LogSearchTest, TellsThatModelsWereCalled) {
  Trace trace = OneSpanTrace(*ParseTraceId("1"));
  EXPECT_FALSE(MakeLogSearch(trace, {}, {}).has_model_calls);
  const Attribute attributes[] = {{"gen_ai.request.model", Value::String("m")}};
  trace.spans[0].attributes = attributes;
  EXPECT_TRUE(MakeLogSearch(trace, {}, {}).has_model_calls);
}

TEST(LogSearchTest, UsesGrafanasRangeWithoutATrace) {
  settings::Query query;
  query.from_ms = 1'000;
  query.to_ms = 2'000;
  const stores::LogSearch search = MakeLogSearch(Trace(), query, {});

  EXPECT_EQ(search.start_ns, 1'000'000'000);
  EXPECT_EQ(search.end_ns, 2'000'000'000);
}

TEST(LogSearchTest, NeverAsksForMoreRecordsThanTheSettingsAllow) {
  settings::Query query;
  query.limit = 10'000;
  EXPECT_EQ(MakeLogSearch(Trace(), query, {}).max_records, 5000);
  query.limit = 7;
  EXPECT_EQ(MakeLogSearch(Trace(), query, {}).max_records, 7);
}

TEST(LogSearchTest, DoesNotTakeTemposDefaultOfTwentyTracesForRecords) {
  settings::Query query;
  query.limit = 20;
  EXPECT_EQ(MakeLogSearch(Trace(), query, {}).max_records, 5000);
}

}  // namespace
}  // namespace spanlog::query
