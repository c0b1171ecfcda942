#include "query/span_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fake_stores.h"
#include "query/conversation.h"
#include "query/pipeline.h"

namespace spanlog::query {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Spans 1, 2, 3, … one millisecond after the other; each below the one that `parents` names.
Trace SpansBelow(const std::vector<uint64_t>& parents) {
  Trace trace;
  trace.id = *ParseTraceId("abc1");
  trace.resources.push_back({"svc", {}});
  trace.scopes.push_back({});
  for (size_t i = 0; i < parents.size(); ++i) {
    Span span;
    span.span_id = i + 1;
    span.parent_span_id = parents[i];
    span.name = "span";
    span.start_ns = kStart + static_cast<int64_t>(i) * 1'000'000;
    span.end_ns = span.start_ns + 1'000'000;
    trace.spans.push_back(span);
  }
  return trace;
}

std::vector<uint64_t> Ids(const Trace& trace) {
  std::vector<uint64_t> ids;
  for (const Span& span : trace.spans) ids.push_back(span.span_id);
  return ids;
}

TEST(SpanLimitTest, LeavesATraceWithinTheLimitAlone) {
  Trace trace = SpansBelow({0, 1, 1});
  LimitSpans(trace, LogBatch(), 3);
  EXPECT_THAT(Ids(trace), ElementsAre(1, 2, 3));
  EXPECT_TRUE(trace.warnings.empty());
}

TEST(SpanLimitTest, KeepsTheEarliestAndSaysHowManyAreMissingAndWhatToRaise) {
  Trace trace = SpansBelow({0, 1, 1, 1, 1});
  LimitSpans(trace, LogBatch(), 3);
  EXPECT_THAT(Ids(trace), ElementsAre(1, 2, 3));
  ASSERT_EQ(trace.warnings.size(), 1u);
  EXPECT_THAT(trace.warnings[0], HasSubstr("Only 3 of the trace's 5 spans"));
  EXPECT_THAT(trace.warnings[0], HasSubstr("2 are left out"));
  EXPECT_THAT(trace.warnings[0], HasSubstr("limits.spans"));
}

TEST(SpanLimitTest, KeepsASpanThatARecordNamesWithAllThatIsAboveIt) {
  Trace trace = SpansBelow({0, 1, 1, 1, 4, 5});
  LogRecord record = Record("told");
  record.span_id = 6;
  LimitSpans(trace, Batch({record}), 4);
  EXPECT_THAT(Ids(trace), ElementsAre(1, 4, 5, 6));
}

TEST(SpanLimitTest, KeepsCallsOfModelsBeforeErrorsBeforeTheRest) {
  Trace trace = SpansBelow({0, 1, 1, 1, 1});
  const Attribute model[] = {{"gen_ai.request.model", Value::String("m")}};
  trace.spans[4].attributes = model;
  trace.spans[3].status = StatusCode::kError;
  Trace smaller = trace;
  LimitSpans(trace, LogBatch(), 3);
  EXPECT_THAT(Ids(trace), ElementsAre(1, 4, 5));
  LimitSpans(smaller, LogBatch(), 2);
  EXPECT_THAT(Ids(smaller), ElementsAre(1, 5));
}

TEST(SpanLimitTest, LeavesOutASpanWhoseAncestorsDoNotFitRatherThanBreakTheTree) {
  Trace trace = SpansBelow({0, 1, 2, 3, 4, 1});
  LogRecord record = Record("deep");
  record.span_id = 5;
  LimitSpans(trace, Batch({record}), 3);
  for (const Span& span : trace.spans) {
    if (span.parent_span_id == 0) continue;
    EXPECT_TRUE(std::any_of(trace.spans.begin(), trace.spans.end(), [&](const Span& each) {
      return each.span_id == span.parent_span_id;
    })) << span.span_id;
  }
  EXPECT_EQ(trace.spans.size(), 3u);
}

TEST(SpanLimitTest, ADeepAndWideTraceIsCutInAMoment) {
  std::vector<uint64_t> parents;
  for (uint64_t i = 0; i < 50'000; ++i) parents.push_back(i);
  for (uint64_t i = 0; i < 50'000; ++i) parents.push_back(50'000);
  Trace trace = SpansBelow(parents);
  for (Span& span : trace.spans) span.status = StatusCode::kError;
  LimitSpans(trace, LogBatch(), 40'000);
  EXPECT_EQ(trace.spans.size(), 40'000u);
}

TEST(SpanLimitTest, HoldsForQueriesAndIsSaidOnTheTrace) {
  settings::Settings settings;
  settings.limits.spans = 2;
  World world(settings);
  world.traces->fetch = [](const TraceId&) { return SpansBelow({0, 1, 1}); };
  const auto woven = WeaveTrace(*world.datasource, world.query, {}, world.context);
  ASSERT_TRUE(woven.ok());
  EXPECT_EQ(woven->rows.size(), 2u);
  ASSERT_FALSE(woven->rows[0].warnings.empty());
  EXPECT_THAT(std::string(woven->rows[0].warnings[0]), HasSubstr("limits.spans"));
}

TEST(SpanLimitTest, AConversationShowsNoFurtherRunsAndSaysSo) {
  settings::Settings settings;
  settings.limits.spans = 2;
  World world(settings);
  world.query.kind = settings::QueryKind::kConversation;
  world.query.text = "conv";
  for (const char* id : {"1", "2", "3"}) {
    stores::TraceSummary summary;
    summary.id = *ParseTraceId(id);
    summary.start_ns = kStart;
    world.traces->found.push_back(summary);
  }
  world.traces->fetch = [](const TraceId& id) { return OneSpanTrace(id); };
  const auto woven = WeaveConversation(*world.datasource, world.query, {}, world.context);
  ASSERT_TRUE(woven.ok());
  EXPECT_EQ(woven->rows.size(), 4u);
  ASSERT_EQ(woven->notices.size(), 1u);
  EXPECT_THAT(woven->notices[0].text, HasSubstr("first 2 of 3 runs"));
  EXPECT_THAT(woven->notices[0].text, HasSubstr("limits.spans"));
}

// Took minutes when each span walked up the whole chain in vain.
TEST(SpanLimitTest, AChainThatIsLongerThanTheLimitIsKeptFromItsBegin) {
  constexpr size_t kMany = 50'000;
  std::vector<uint64_t> parents;
  for (size_t i = 0; i < kMany; ++i) parents.push_back(i);
  Trace trace = SpansBelow(parents);
  // The last comes first in time.
  for (size_t i = 0; i < kMany; ++i) {
    trace.spans[i].start_ns = kStart + static_cast<int64_t>(kMany - i);
  }
  LimitSpans(trace, {}, 20'000);
  ASSERT_LE(trace.spans.size(), 20'000u);
  for (size_t i = 0; i < trace.spans.size(); ++i) {
    ASSERT_EQ(trace.spans[i].span_id, i + 1) << "each with all above it";
  }
}

}  // namespace
}  // namespace spanlog::query
