#include "weave/log_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/text.h"
#include "builders.h"

namespace spanlog::weave {
namespace {

struct LogRowsTest : public ::testing::Test {
  Row RowOf(const LogRecord& record, const RecordView& view = {}) {
    RowSpot spot;
    spot.parent_id = "0000000000000001";
    spot.match = "span_id";
    spot.service = "svc";
    spot.start_ns = record.time_ns;
    LogRows rows(options, arena);
    std::vector<Row> all;
    rows.AddRecord(record, stream, view, "log-1", spot, all);
    return all.back();
  }

  static Row RowOf(const Message& message, LogRows& rows) {
    std::vector<Row> all;
    rows.AddMessage(message, nullptr, nullptr, 0, "m", RowSpot(), all);
    return all.back();
  }

  Arena arena;
  WeaveOptions options;
  LogStream stream;
  World world;
};

TEST_F(LogRowsTest, ShowsTheLevelAsTheLaneAndTheFirstLineAsTheName) {
  LogRecord& record = world.AddRecord(1, 0, "flight API slow\nsecond line");
  record.level = Level::kWarn;
  const Row row = RowOf(record);

  EXPECT_EQ(row.service_name, "warn");
  EXPECT_EQ(row.operation_name, "flight API slow second line");
  EXPECT_EQ(row.status, StatusCode::kUnset);
  EXPECT_EQ(TagText(row, kMessageKey), "flight API slow\nsecond line");
  EXPECT_EQ(TagText(row, kTimestampKey), std::to_string(record.time_ns));
  EXPECT_EQ(TagText(row, kLevelKey), "warn");
}

TEST_F(LogRowsTest, ShowsTheServiceAndTheLevelInTheNameWhenLanesAreServices) {
  options.lanes = settings::Lanes::kService;
  LogRecord& record = world.AddRecord(1, 0, "boom");
  record.level = Level::kError;
  const Row row = RowOf(record);

  EXPECT_EQ(row.service_name, "svc");
  EXPECT_EQ(row.operation_name, "ERROR boom");
  EXPECT_EQ(row.status, StatusCode::kError);
}

TEST_F(LogRowsTest, KeepsAJsonLineWholeAndNamesTheRowByItsMessage) {
  LogRecord& record = world.AddRecord(1, 0, R"({"level":"info","message":"order requested"})");
  record.text = "order requested";
  const Row row = RowOf(record);

  EXPECT_EQ(row.operation_name, "order requested");
  EXPECT_EQ(TagText(row, kMessageKey), record.line);
  EXPECT_EQ(row.tags[0].format, TagFormat::kPlain);
}

TEST_F(LogRowsTest, NeverShowsAnEmptyName) {
  LogRecord& record = world.AddRecord(1, 0, "");
  EXPECT_EQ(RowOf(record).operation_name, "(empty line)");

  record.event_name = "session.end";
  EXPECT_EQ(RowOf(record).operation_name, "session.end");
}

TEST_F(LogRowsTest, KeepsMetadataUnderItsOwnNamesWithoutRepeats) {
  LogRecord& record = world.AddRecord(1, 0, "line");
  const Attribute metadata[] = {{"http_method", Value::String("GET")}};
  const Attribute parsed[] = {{"http_method", Value::String("GET")},
                              {"status", Value::String("200")}};
  record.metadata = metadata;
  record.parsed = parsed;
  const Row row = RowOf(record);

  int methods = 0;
  for (const Tag& tag : row.tags) methods += tag.key == "http_method";
  EXPECT_EQ(methods, 1);
  EXPECT_EQ(TagText(row, "status"), "200");
}

TEST_F(LogRowsTest, LeavesOutTheMessagesThatTheRowsOfOtherRecordsShow) {
  LogRecord& record = world.AddRecord(1, 0, "");
  const Attribute metadata[] = {{"gen_ai_input_messages", Value::String("[…]")},
                                {"gen_ai_request_model", Value::String("gpt-5")}};
  record.metadata = metadata;
  RecordView view;
  view.title = "chat gpt-5 (its messages are shown as records of their own)";
  EXPECT_EQ(TagText(RowOf(record, view), "gen_ai_input_messages"), "[…]");
  view.is_repeat = true;
  EXPECT_EQ(TagText(RowOf(record, view), "gen_ai_input_messages"), "");
  EXPECT_EQ(TagText(RowOf(record, view), "gen_ai_request_model"), "gpt-5");
}

TEST_F(LogRowsTest, DrawsTheResultOfAFailedToolAsAnError) {
  Message message;
  message.kind = PartKind::kToolResult;
  message.role = Role::kTool;
  message.text = "no such city";
  LogRows rows(options, arena);
  const Row good = RowOf(message, rows);
  EXPECT_EQ(good.status, StatusCode::kUnset);
  EXPECT_EQ(FindTag(good, kToolFailedKey), nullptr);
  message.failed = true;
  const Row bad = RowOf(message, rows);
  EXPECT_EQ(bad.status, StatusCode::kError);
  EXPECT_EQ(bad.status_message, "The tool reported a failure.");
  ASSERT_NE(FindTag(bad, kToolFailedKey), nullptr);
  EXPECT_TRUE(FindTag(bad, kToolFailedKey)->boolean);
}

TEST_F(LogRowsTest, KeepsTheHintOfAToolCallWithoutArguments) {
  Message message;
  message.kind = PartKind::kToolCall;
  message.role = Role::kAssistant;
  message.tool = {"get", "call_1", {}};
  message.status = MessageStatus::kOff;
  message.hint = "Set X=true.";
  LogRows rows(options, arena);
  const Row row = RowOf(message, rows);
  EXPECT_EQ(TagText(row, kMessageKey), "get()");
  EXPECT_EQ(TagText(row, "message.hint"), "Set X=true.");
}

TEST_F(LogRowsTest, GivesAStackTraceItsOwnPlace) {
  LogRecord& record = world.AddRecord(1, 0, "failed");
  const Attribute metadata[] = {{"exception_stacktrace", Value::String("at main()\nat start()")}};
  record.metadata = metadata;

  ASSERT_EQ(RowOf(record).stack_traces.size(), 1u);
}

TEST(TagListTest, KnowsAFieldAgainAmongManyOthers) {
  Arena arena;
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i)
    names.push_back("key." + std::to_string(i) + (i % 2 == 0 ? ".a" : ".bc"));
  names.push_back("");
  TagList tags;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& name : names) {
      const Attribute field{name, Value::String("same")};
      tags.AddFields(absl::Span<const Attribute>(&field, 1));
    }
  }
  EXPECT_EQ(tags.Take(arena).size(), names.size());
  const Attribute other{names[0], Value::String("other")};
  tags.AddFields(absl::Span<const Attribute>(&other, 1));
  EXPECT_EQ(tags.Take(arena).size(), names.size() + 1);
}

// Took minutes when each field was compared with all before it.
TEST(ManyFieldsTest, ARecordOfManyFieldsShowsEachOnce) {
  constexpr size_t kMany = 50'000;
  World world;
  world.AddSpan(1, 0, "root", 0, 100);
  std::vector<Attribute> fields;
  for (size_t i = 0; i < kMany; ++i) {
    fields.push_back({world.trace->arena->Copy(Concat("field", i)), Value::String("v")});
  }
  LogRecord& record = world.AddRecord(1, 5, "line");
  record.metadata = world.trace->arena->CopyArray(fields);
  fields[7].value = Value::String("another");
  record.parsed = world.trace->arena->CopyArray(fields);
  const Woven woven = world.Weave();
  const Row* row = FindRow(woven, "line");
  ASSERT_NE(row, nullptr);
  EXPECT_GT(row->tags.size(), kMany + 1);
  EXPECT_LT(row->tags.size(), kMany + 10);
  EXPECT_EQ(row->tags.back().key, "field7");
  EXPECT_EQ(row->tags.back().value.text(), "another");
}

// Filled the memory.
TEST(ManyFieldsTest, MessagesOfOneRecordDoNotAllRepeatItsManyFields) {
  constexpr size_t kMany = 3'000;
  World world;
  world.AddSpan(1, 0, "root", 0, 100);
  std::vector<Attribute> fields;
  for (size_t i = 0; i < kMany; ++i) {
    fields.push_back({world.trace->arena->Copy(Concat("field", i)), Value::String("v")});
    world.AddMessage(0, Role::kUser, Direction::kInput, "Hi").record = 0;
  }
  world.AddRecord(1, 5, "line").metadata = world.trace->arena->CopyArray(fields);
  const Woven woven = world.Weave();
  ASSERT_EQ(woven.rows.size(), kMany + 1);
  EXPECT_NE(FindTag(woven.rows[1], "field2999"), nullptr);
  EXPECT_NE(FindTag(woven.rows[2], "field99"), nullptr);
  EXPECT_EQ(FindTag(woven.rows[2], "field2999"), nullptr);
}

}  // namespace
}  // namespace spanlog::weave
