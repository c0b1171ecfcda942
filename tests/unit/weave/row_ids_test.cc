#include "weave/row_ids.h"

#include <gtest/gtest.h>

namespace spanlog::weave {
namespace {

LogRecord Record(int64_t time_ns, std::string_view line) {
  LogRecord record;
  record.time_ns = time_ns;
  record.line = line;
  return record;
}

TEST(RowIdsTest, AreTheSameInEveryQuery) {
  Arena arena;
  RowIds first(arena);
  RowIds second(arena);
  const LogStream stream;

  EXPECT_EQ(first.ForRecord(Record(1, "a"), stream), second.ForRecord(Record(1, "a"), stream));
  EXPECT_NE(first.ForRecord(Record(1, "b"), stream), second.ForRecord(Record(2, "b"), stream));
}

TEST(RowIdsTest, DoNotChangeBetweenVersions) {
  Arena arena;
  RowIds ids(arena);
  EXPECT_EQ(ids.ForRecord(Record(1700000000000000000, "hello"), LogStream()),
            "log-1eee2905746429c1");
}

TEST(RowIdsTest, TellIdenticalRecordsApart) {
  Arena arena;
  RowIds ids(arena);
  const LogStream stream;
  const std::string_view first = ids.ForRecord(Record(1, "same"), stream);
  const std::string_view second = ids.ForRecord(Record(1, "same"), stream);

  EXPECT_NE(first, second);
  EXPECT_EQ(second, std::string(first) + "-1");
}

TEST(RowIdsTest, NeverHoldTheMarkThatTheViewSplitsAt) {
  Arena arena;
  RowIds ids(arena);
  const std::string_view id = ids.ForRecord(Record(1, "x"), LogStream());

  EXPECT_EQ(ids.ForRecordPart(id, 3).find("--"), std::string_view::npos);
  EXPECT_EQ(ids.ForSpanMessage("00000000000000ff", Direction::kInput, 2),
            "msg-00000000000000ff-i2");
  EXPECT_EQ(ids.ForSpanMessage("00000000000000ff", Direction::kInput, 2),
            "msg-00000000000000ff-i2-1");
}

}  // namespace
}  // namespace spanlog::weave
