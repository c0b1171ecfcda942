#include "weave/weave.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "builders.h"

namespace spanlog::weave {
namespace {

using ::testing::HasSubstr;

TEST(WeaveTest, HangsARecordUnderItsSpan) {
  World world;
  world.AddSpan(1, 0, "root", 0, 100);
  world.AddSpan(2, 1, "child", 10, 50);
  world.AddRecord(2, 20, "hello");
  const Woven woven = world.Weave();

  const Row* row = FindRow(woven, "hello");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->parent_span_id, "0000000000000002");
  EXPECT_EQ(row->kind, RowKind::kLog);
  EXPECT_EQ(row->depth, 2u);
  EXPECT_EQ(woven.trace_id, "0000000000000000000000000000abc1");
}

TEST(WeaveTest, OrdersRowsByTimeAndSpansBeforeRecordsAtTheSameInstant) {
  World world;
  world.AddSpan(1, 0, "root", 0, 100);
  world.AddRecord(1, 10, "record");
  world.AddSpan(2, 1, "child", 10, 20);
  const Woven woven = world.Weave();

  ASSERT_EQ(woven.rows.size(), 3u);
  EXPECT_EQ(woven.rows[1].operation_name, "child");
  EXPECT_EQ(woven.rows[2].operation_name, "record");
}

TEST(WeaveTest, GivesEveryRecordARowOfItsOwnEvenWhenTwoAreIdentical) {
  World world;
  world.AddSpan(1, 0, "root", 0, 100);
  world.AddRecord(1, 10, "same");
  world.AddRecord(1, 10, "same");
  const Woven woven = world.Weave();

  std::set<std::string_view> ids;
  for (const Row& row : woven.rows) ids.insert(row.span_id);
  EXPECT_EQ(woven.rows.size(), 3u);
  EXPECT_EQ(ids.size(), 3u);
}

TEST(WeaveTest, PutsExplodedInputsAtTheStartAndOutputsAtTheEndOfTheirCall) {
  World world;
  const uint32_t call = world.AddSpan(1, 0, "chat", 0, 100);
  world.AddMessage(call, Role::kSystem, Direction::kInput, "first");
  world.AddMessage(call, Role::kUser, Direction::kInput, "second");
  world.AddMessage(call, Role::kAssistant, Direction::kOutput, "answer");
  const Woven woven = world.Weave();

  EXPECT_EQ(FindRow(woven, "first")->start_ns, kStart);
  EXPECT_EQ(FindRow(woven, "second")->start_ns, kStart + 1000);
  EXPECT_EQ(FindRow(woven, "answer")->start_ns, kStart + 100 * kMs - 1000);
  EXPECT_EQ(TagText(*FindRow(woven, "second"), kRoleKey), "user");
  EXPECT_EQ(TagText(*FindRow(woven, "second"), kKindKey), "message");
}

TEST(WeaveTest, GivesTheRowsOfOneRecordTheSameTimestamp) {
  World world;
  const uint32_t call = world.AddSpan(1, 0, "chat", 0, 100);
  LogRecord& record = world.AddRecord(1, 100, "");
  const int64_t time_ns = record.time_ns;
  for (const char* text : {"question", "answer"}) {
    world.AddMessage(call, Role::kUser, Direction::kInput, text).record = 0;
  }
  const Woven woven = world.Weave();

  ASSERT_EQ(woven.rows.size(), 3u);
  EXPECT_EQ(TagText(*FindRow(woven, "question"), kTimestampKey), std::to_string(time_ns));
  EXPECT_EQ(TagText(*FindRow(woven, "answer"), kTimestampKey), std::to_string(time_ns));
}

TEST(WeaveTest, DrawsARecordFarOutsideAtTheEdgeAndKeepsItsTrueTime) {
  World world;
  world.AddSpan(1, 0, "root", 0, 100);
  const int64_t time_ns = world.AddRecord(1, 3'600'000, "late").time_ns;
  const Woven woven = world.Weave();

  const Row* late = FindRow(woven, "late");
  EXPECT_EQ(late->start_ns, kStart + 100 * kMs);
  EXPECT_EQ(TagText(*late, kTimestampKey), std::to_string(time_ns));
  EXPECT_THAT(std::string(TagText(*late, "spanlog.moved")), HasSubstr("before its true time"));
}

TEST(WeaveTest, BuildsARootForRecordsWithoutATrace) {
  World world;
  world.AddRecord(7, 10, "alone");
  const Woven woven = world.Weave();

  ASSERT_EQ(woven.rows.size(), 2u);
  const Row* root = FindRow(woven, "log records without a trace");
  ASSERT_NE(root, nullptr);
  EXPECT_EQ(root->kind, RowKind::kRun);
  EXPECT_GT(root->duration_ns, 0);
  EXPECT_EQ(FindRow(woven, "alone")->parent_span_id, root->span_id);
}

TEST(WeaveTest, SaysOnTheRootWhatTheCallerKnowsToBeWrong) {
  World world;
  world.AddSpan(1, 0, "root", 0, 100);
  world.options.warnings = {"The log records are missing: Loki answered 503"};
  const Woven woven = world.Weave();

  ASSERT_EQ(woven.rows[0].warnings.size(), 1u);
  EXPECT_THAT(std::string(woven.rows[0].warnings[0]), HasSubstr("Loki answered 503"));
  ASSERT_EQ(woven.notices.size(), 1u);
}

TEST(WeaveTest, HidesRecordsBelowTheMinimumLevelButNotThoseOfUnknownLevel) {
  World world;
  world.AddSpan(1, 0, "root", 0, 100);
  world.AddRecord(1, 10, "debug line").level = Level::kDebug;
  world.AddRecord(1, 20, "plain line");
  world.options.min_level = Level::kInfo;
  const Woven woven = world.Weave();

  EXPECT_EQ(FindRow(woven, "debug line"), nullptr);
  EXPECT_NE(FindRow(woven, "plain line"), nullptr);
}

TEST(WeaveTest, FoldsEarlierMessagesInDeltaAndCountsThem) {
  World world;
  const uint32_t first = world.AddSpan(1, 0, "chat", 0, 10);
  const uint32_t second = world.AddSpan(2, 0, "chat", 20, 30);
  for (const uint32_t call : {first, second}) {
    world.reading->calls[call].kind = CallKind::kModel;
    world.AddMessage(call, Role::kUser, Direction::kInput, "question");
  }
  world.options.history = settings::History::kDelta;
  const Woven woven = world.Weave();

  EXPECT_NE(FindRow(woven, "1 earlier message"), nullptr);
  EXPECT_EQ(woven.rows.size(), 4u);
}

TEST(WeaveTest, ShowsOnlyMessagesOrNoRecordsWhenAsked) {
  World world;
  const uint32_t call = world.AddSpan(1, 0, "chat", 0, 100);
  world.AddRecord(1, 10, "plain");
  world.AddMessage(call, Role::kUser, Direction::kInput, "question");

  world.options.logs = settings::LogRows::kMessages;
  EXPECT_EQ(world.Weave().rows.size(), 2u);
  world.options.logs = settings::LogRows::kNone;
  EXPECT_EQ(world.Weave().rows.size(), 1u);
}

TEST(WeaveTest, NamesAServiceForAResourceWithoutOne) {
  World world;
  world.AddService("");
  world.AddSpan(1, 0, "root", 0, 100);
  EXPECT_EQ(world.Weave().rows[0].service_name, "OTLPResourceNoServiceName");
}

}  // namespace
}  // namespace spanlog::weave
