#include "frame/table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "frame/arrow_reader.h"

namespace spanlog::frame {
namespace {

TEST(TableTest, EncodesColumnsOfEveryKind) {
  Table table;
  table.name = "Runs";
  table.ref_id = "B";
  table.meta_json = "{\"preferredVisualisationType\":\"table\"}";
  table.columns.push_back(
      {"name", "{\"displayName\":\"Name\"}", "", std::vector<std::string>{"a", "b"}});
  table.columns.push_back({"calls", "", "", std::vector<int64_t>{1, 2}});
  table.columns.push_back({"cost", "", "", std::vector<double>{0.5, NAN}});
  table.columns.push_back({"start", "", "", Column::Times{{10, 20}}});
  table.columns.push_back({"labels", "", "", Column::Json{{"{}", ""}}});
  const absl::StatusOr<FrameColumns> frame = ReadArrowFile(EncodeTable(table).Flatten());
  ASSERT_TRUE(frame.ok()) << frame.status();
  EXPECT_EQ(frame->name, "Runs");
  EXPECT_EQ(frame->ref_id, "B");
  EXPECT_EQ(frame->meta_json, table.meta_json);
  EXPECT_EQ(frame->columns[0].config_json, "{\"displayName\":\"Name\"}");
  EXPECT_EQ(frame->columns[0].Cell(1), "b");
  EXPECT_EQ(frame->columns[1].Int(1), 2);
  EXPECT_EQ(frame->columns[2].Real(0), 0.5);
  EXPECT_TRUE(frame->columns[2].IsNull(1)) << "NaN is how a table says null";
  EXPECT_EQ(frame->columns[3].Int(1), 20);
  EXPECT_EQ(frame->columns[4].Cell(0), "{}");
  EXPECT_EQ(frame->columns[4].Cell(1), "null") << "an empty JSON cell breaks Grafana's answer";
}

TEST(TableTest, MakesBrokenTextValid) {
  Table table;
  table.columns.push_back({"name", "", "", std::vector<std::string>{"a\xFF"}});
  const absl::StatusOr<FrameColumns> frame = ReadArrowFile(EncodeTable(table).Flatten());
  ASSERT_TRUE(frame.ok()) << frame.status();
  EXPECT_EQ(frame->columns[0].Cell(0), "a\uFFFD");
}

TEST(TableTest, HasManyNulls) {
  Table table;
  std::vector<double> numbers(1001, NAN);
  numbers[1000] = 7;
  table.columns.push_back({"n", "", "", numbers});
  const absl::StatusOr<FrameColumns> frame = ReadArrowFile(EncodeTable(table).Flatten());
  ASSERT_TRUE(frame.ok()) << frame.status();
  EXPECT_EQ(frame->columns[0].null_count, 1000);
  EXPECT_TRUE(frame->columns[0].IsNull(999));
  EXPECT_FALSE(frame->columns[0].IsNull(1000));
}

}  // namespace
}  // namespace spanlog::frame
