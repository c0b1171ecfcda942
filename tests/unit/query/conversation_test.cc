#include "query/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
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

TEST_F(ConversationTest, NeverShowsTheTraceStoresHeadersToTheLogStore) {
  world.context.forwarded_headers = {{"Authorization", "for the trace store"}};
  world.context.forwarded_log_headers = {{"X-For", "logs"}};
  (void)Weave();
  ASSERT_EQ(world.logs->headers.size(), 1u);
  EXPECT_EQ(world.logs->headers[0].first, "X-For");
}

// A record that says which trace it is of, and its session.
LogRecord SessionRecord(std::string_view line, std::string_view trace, int64_t at_ns) {
  static const Attribute metadata[] = {{"session_id", Value::String("conv")}};
  LogRecord record = Record(line, at_ns);
  record.metadata = metadata;
  if (!trace.empty()) record.trace_id = *ParseTraceId(trace);
  return record;
}

TEST_F(ConversationTest, ShowsARunThatOnlyItsRecordsName) {
  world.traces->found = {Summary("1", kStart)};
  world.traces->fetch = [](const TraceId& id) -> absl::StatusOr<Trace> {
    if (id.low != 1) return absl::NotFoundError("Trace not found: sampled away");
    return OneSpanTrace(id);
  };
  world.logs->fetch = [](const stores::LogSearch& search) {
    if (search.trace_id.low == 1) return LogBatch();
    return Batch({SessionRecord("of the lost run", "2", kStart + 5)});
  };
  const auto woven = Weave();
  ASSERT_TRUE(woven.ok());
  int runs = 0, lost = 0;
  for (const weave::Row& row : woven->rows) {
    runs += row.kind == weave::RowKind::kRun && StartsWith(row.operation_name, "run ");
    lost += row.operation_name == "of the lost run";
  }
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(lost, 1);
}

TEST_F(ConversationTest, ShowsARecordOfTheSessionOnceInTheRunOfItsTime) {
  world.traces->found = {Summary("1", kStart), Summary("2", kStart + 100'000'000'000)};
  world.traces->fetch = [](const TraceId& id) {
    Trace trace = OneSpanTrace(id, id.low == 1 ? "first" : "second");
    if (id.low == 2) {
      trace.spans[0].start_ns += 100'000'000'000;
      trace.spans[0].end_ns += 100'000'000'000;
    }
    return trace;
  };
  // Both runs' windows hold both records, and so does the session's own search.
  world.logs->fetch = [](const stores::LogSearch&) {
    return Batch({SessionRecord("early", "", kStart + 1000),
                  SessionRecord("late", "", kStart + 100'000'001'000)});
  };
  const auto woven = Weave();
  ASSERT_TRUE(woven.ok());
  StringMap<const weave::Row*> by_name;
  StringSet<> ids;
  for (const weave::Row& row : woven->rows) {
    EXPECT_TRUE(ids.insert(row.span_id).second) << row.span_id;
    if (row.kind == weave::RowKind::kLog) {
      EXPECT_TRUE(by_name.emplace(row.operation_name, &row).second) << row.operation_name;
    } else {
      by_name.emplace(row.operation_name, &row);
    }
  }
  ASSERT_TRUE(by_name.contains("early") && by_name.contains("late") && by_name.contains("second"));
  EXPECT_EQ(by_name["early"]->parent_span_id, by_name["first"]->span_id);
  EXPECT_EQ(by_name["late"]->parent_span_id, by_name["second"]->span_id);
}

TEST_F(ConversationTest, ShowsARecordWhoseBeginningIsFoldedOnlyInItsRun) {
  static const Attribute spans[2][2] = {{{"gen_ai.operation.name", Value::String("chat")},
                                         {"gen_ai.response.id", Value::String("r1")}},
                                        {{"gen_ai.operation.name", Value::String("chat")},
                                         {"gen_ai.response.id", Value::String("r2")}}};
  static const Attribute records[2][2] = {
      {{"gen_ai_response_id", Value::String("r1")},
       {"gen_ai_input_messages", Value::String(R"([{"role":"user","content":"hi"}])")}},
      {{"gen_ai_response_id", Value::String("r2")},
       {"gen_ai_input_messages",
        Value::String(R"([{"role":"user","content":"hi"},{"role":"assistant","content":"yo"},)"
                      R"({"role":"user","content":"more"}])")}}};
  world.query.history = settings::History::kDelta;
  world.traces->found = {Summary("1", kStart)};
  world.traces->fetch = [](const TraceId& id) {
    Trace trace = OneSpanTrace(id, "chat");
    trace.spans.push_back(trace.spans[0]);
    trace.spans[1].span_id = 2;
    trace.spans[1].parent_span_id = 0;
    trace.spans[1].start_ns = trace.spans[0].end_ns;
    trace.spans[1].end_ns = trace.spans[1].start_ns + 1'000'000'000;
    for (size_t i = 0; i < 2; ++i) trace.spans[i].attributes = spans[i];
    return trace;
  };
  world.logs->fetch = [](const stores::LogSearch&) {
    LogBatch batch = Batch({Record("", kStart + 1000), Record("", kStart + 1'000'001'000)});
    for (size_t i = 0; i < 2; ++i) {
      batch.records[i].metadata = records[i];
      batch.records[i].event_name = "gen_ai.client.inference.operation.details";
    }
    return batch;
  };
  const auto woven = Weave();
  ASSERT_TRUE(woven.ok());
  int runs = 0, histories = 0, hi = 0, more = 0;
  for (const weave::Row& row : woven->rows) {
    runs += row.kind == weave::RowKind::kRun && StartsWith(row.operation_name, "run ");
    histories += row.kind == weave::RowKind::kHistory;
    hi += StartsWith(row.operation_name, "hi") || EndsWith(row.operation_name, " hi");
    more += EndsWith(row.operation_name, "more");
  }
  EXPECT_EQ(histories, 1);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(hi, 1);
  EXPECT_EQ(more, 1);
}

TEST_F(ConversationTest, SearchesStoresWithoutTraceQlKeyByKey) {
  settings::Settings settings;
  settings.trace_store = settings::TraceStoreKind::kZipkin;
  World zipkin(settings);
  zipkin.query.kind = settings::QueryKind::kConversation;
  zipkin.query.text = "c\"1";
  (void)WeaveConversation(*zipkin.datasource, zipkin.query, {}, zipkin.context);
  EXPECT_THAT(zipkin.traces->searches, ::testing::Contains(R"(session.id="c\"1")"));
  EXPECT_THAT(zipkin.traces->searches, ::testing::Contains(R"(gen_ai.conversation.id="c\"1")"));

  settings.trace_store = settings::TraceStoreKind::kJaeger;
  World jaeger(settings);
  jaeger.query = zipkin.query;
  jaeger.logs->fetch = [](const stores::LogSearch&) {
    return Batch({SessionRecord("x", "", kStart)});
  };
  (void)WeaveConversation(*jaeger.datasource, jaeger.query, {}, jaeger.context);
  EXPECT_THAT(jaeger.traces->searches,
              ::testing::Contains(R"(service="svc" gen_ai.conversation.id="c\"1")"));
}

TEST_F(ConversationTest, IsNotFoundWhenNobodyKnowsIt) {
  EXPECT_TRUE(absl::IsNotFound(Weave().status()));
}

// Took minutes when each id was compared with all before it.
TEST_F(ConversationTest, TakesRecordsOfManyTraces) {
  world.traces->fetch = [](const TraceId&) -> absl::StatusOr<Trace> {
    return absl::NotFoundError("Trace not found: sampled away");
  };
  world.logs->fetch = [](const stores::LogSearch& search) {
    if (!search.trace_id.empty()) return LogBatch();
    std::vector<LogRecord> records;
    for (int i = 0; i < 20'000; ++i) {
      records.push_back(SessionRecord("line", std::to_string(100'000 + i), kStart + i));
    }
    return Batch(std::move(records));
  };
  const auto woven = Weave();
  ASSERT_TRUE(woven.ok());
  const bool is_told =
      std::any_of(woven->notices.begin(), woven->notices.end(), [](const weave::Notice& notice) {
        return Contains(notice.text, "The conversation has 20000 traces or more");
      });
  EXPECT_TRUE(is_told);
}

}  // namespace
}  // namespace spanlog::query
