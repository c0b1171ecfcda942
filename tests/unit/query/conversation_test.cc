#include "query/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_stores.h"

namespace spanlog::query {
namespace {

using ::testing::HasSubstr;

stores::TraceSummary Summary(std::string_view id, int64_t start_ns) {
  stores::TraceSummary summary;
  summary.id = *ParseTraceId(id);
  summary.start_ns = start_ns;
  return summary;
}

struct ConversationTest : public ::testing::Test {
  ConversationTest() {
    world.query.kind = settings::QueryKind::kConversation;
    world.query.text = "conv \"42\"";
  }
  absl::StatusOr<weave::Woven> Weave() {
    return WeaveConversation(*world.datasource, world.query, {}, world.context);
  }
  World world;
};

TEST_F(ConversationTest, PutsEachRunUnderARootOfItsOwnInOrder) {
  world.traces->found = {Summary("2", 20), Summary("1", 10)};
  world.traces->fetch = [](const TraceId& id) {
    return OneSpanTrace(id, id.low == 1 ? "first" : "second");
  };
  const auto woven = Weave();

  ASSERT_TRUE(woven.ok());
  ASSERT_EQ(woven->rows.size(), 4u);
  EXPECT_EQ(woven->rows[0].operation_name, "run 1: first");
  EXPECT_EQ(woven->rows[1].parent_span_id, woven->rows[0].span_id);
  EXPECT_EQ(woven->trace_id, "conv \"42\"");
}

TEST_F(ConversationTest, QuotesTheIdInTraceQl) {
  (void)Weave();
  EXPECT_THAT(world.traces->last_search.query,
              HasSubstr(R"(span.gen_ai.conversation.id = "conv \"42\"")"));
}

TEST_F(ConversationTest, RebuildsARunThatOnlyLogsTellOf) {
  static const Attribute metadata[] = {{"session_id", Value::String("conv")}};
  world.logs->fetch = [](const stores::LogSearch&) {
    LogBatch batch = Batch({Record("only a log")});
    batch.records[0].metadata = metadata;
    return batch;
  };
  const auto woven = Weave();

  ASSERT_TRUE(woven.ok());
  ASSERT_EQ(woven->rows.size(), 3u);
  EXPECT_EQ(woven->rows[0].operation_name, "run 1: session");
}

TEST_F(ConversationTest, LeavesRecordsOfTracesToTheirTraces) {
  world.traces->found = {Summary("1", 10)};
  world.traces->fetch = [](const TraceId& id) { return OneSpanTrace(id); };
  world.logs->fetch = [](const stores::LogSearch& search) {
    if (!search.trace_id.empty()) return LogBatch();
    LogBatch batch = Batch({Record("has a trace")});
    batch.records[0].trace_id = *ParseTraceId("1");
    return batch;
  };
  EXPECT_EQ(Weave()->rows.size(), 2u);
}

TEST_F(ConversationTest, NamesARunThatIsMissingAndShowsTheOthers) {
  world.traces->found = {Summary("1", 10), Summary("2", 20)};
  world.traces->fetch = [](const TraceId& id) -> absl::StatusOr<Trace> {
    if (id.low == 1) return absl::UnavailableError("Tempo answered 500");
    return OneSpanTrace(id);
  };
  const auto woven = Weave();

  ASSERT_TRUE(woven.ok());
  EXPECT_THAT(woven->notices[0].text, HasSubstr("Tempo answered 500"));
}

TEST_F(ConversationTest, IsNotFoundWhenNobodyKnowsIt) {
  EXPECT_TRUE(absl::IsNotFound(Weave().status()));
}

}  // namespace
}  // namespace spanlog::query
