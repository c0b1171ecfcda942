#include "frame/arrow_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "frame/arrow_reader.h"

namespace spanlog::frame {
namespace {

FrameColumns OneOfEach() {
  FrameColumns frame;
  frame.name = "Trace";
  frame.ref_id = "A";
  frame.meta_json = "{\"custom\":{}}";
  FrameColumn& text = frame.columns.emplace_back("text", ColumnType::kText, 3);
  for (const char* cell : {"é", "", "last"}) text.AddText(cell);
  text.config_json = "{\"links\":[]}";
  text.labels_json = "{\"a\":\"b\"}";
  FrameColumn& json = frame.columns.emplace_back("json", ColumnType::kJson, 3);
  for (const char* cell : {"[]", "[1]", "null"}) json.AddText(cell);
  FrameColumn& whole = frame.columns.emplace_back("int", ColumnType::kInt, 3);
  for (const int64_t cell : {INT64_MIN, int64_t{0}, INT64_MAX}) whole.AddInt(cell);
  FrameColumn& real = frame.columns.emplace_back("real", ColumnType::kReal, 3);
  for (const double cell : {0.5, -1.0, 1e300}) real.AddReal(cell);
  real.nullable = true;
  real.nulls = {0b101};
  real.null_count = 1;
  FrameColumn& times = frame.columns.emplace_back("time", ColumnType::kTimes, 3);
  for (const int64_t cell : {1, 2, 3}) times.AddInt(cell);
  return frame;
}

uint32_t Int32At(const std::string& bytes, size_t at) {
  uint32_t value;
  std::memcpy(&value, bytes.data() + at, 4);
  return value;
}

TEST(ArrowFileTest, GivesBackEveryCellOfEveryType) {
  const absl::StatusOr<FrameColumns> frame = ReadArrowFile(ToArrowFile(OneOfEach()).Flatten());
  ASSERT_TRUE(frame.ok()) << frame.status();
  EXPECT_EQ(frame->name, "Trace");
  EXPECT_EQ(frame->ref_id, "A");
  EXPECT_EQ(frame->meta_json, "{\"custom\":{}}");
  ASSERT_EQ(frame->columns.size(), 5u);
  ASSERT_EQ(frame->rows(), 3u);
  EXPECT_EQ(frame->columns[0].Cell(0), "é");
  EXPECT_EQ(frame->columns[0].Cell(1), "");
  EXPECT_EQ(frame->columns[0].Cell(2), "last");
  EXPECT_EQ(frame->columns[0].config_json, "{\"links\":[]}");
  EXPECT_EQ(frame->columns[0].labels_json, "{\"a\":\"b\"}");
  EXPECT_FALSE(frame->columns[0].nullable);
  EXPECT_EQ(frame->columns[1].Cell(1), "[1]");
  EXPECT_EQ(frame->columns[2].Int(0), INT64_MIN);
  EXPECT_EQ(frame->columns[2].Int(2), INT64_MAX);
  EXPECT_EQ(frame->columns[3].Real(2), 1e300);
  EXPECT_TRUE(frame->columns[3].nullable);
  EXPECT_FALSE(frame->columns[3].IsNull(0));
  EXPECT_TRUE(frame->columns[3].IsNull(1));
  EXPECT_EQ(frame->columns[4].type, ColumnType::kTimes);
  EXPECT_EQ(frame->columns[4].Int(1), 2);
}

TEST(ArrowFileTest, HasTheMarksOfTheFileFormat) {
  const std::string file = ToArrowFile(OneOfEach()).Flatten();
  EXPECT_EQ(file.substr(0, 8), std::string("ARROW1\0\0", 8));
  EXPECT_EQ(file.substr(file.size() - 6), "ARROW1");
  EXPECT_EQ(Int32At(file, 8), 0xFFFFFFFFu);
  EXPECT_EQ(Int32At(file, 12) % 8, 0u) << "the schema message is not padded to 8 bytes";
  // The stream inside the file ends right before the footer.
  const size_t footer = file.size() - 10 - Int32At(file, file.size() - 10);
  EXPECT_EQ(Int32At(file, footer - 8), 0xFFFFFFFFu);
  EXPECT_EQ(Int32At(file, footer - 4), 0u);
  EXPECT_EQ(footer % 8, 0u);
}

TEST(ArrowFileTest, WritesAFrameWithoutRows) {
  FrameColumns frame;
  frame.columns.emplace_back("text", ColumnType::kText, 0);
  frame.columns.emplace_back("int", ColumnType::kInt, 0);
  const absl::StatusOr<FrameColumns> read = ReadArrowFile(ToArrowFile(std::move(frame)).Flatten());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->columns.size(), 2u);
  EXPECT_EQ(read->rows(), 0u);
}

TEST(ArrowFileTest, RefusesToReadWhatIsNoArrowFile) {
  EXPECT_FALSE(ReadArrowFile("").ok());
  EXPECT_FALSE(ReadArrowFile("ARROW1\0\0ARROW1").ok());
  const std::string file = ToArrowFile(OneOfEach()).Flatten();
  EXPECT_FALSE(ReadArrowFile(file.substr(0, file.size() - 1)).ok());
  EXPECT_FALSE(ReadArrowFile(file.substr(1)).ok());
}

// Every single damaged byte gives an error or some frame, never a read outside the file (which the
// sanitizers would tell).
TEST(ArrowFileTest, SurvivesAnyDamagedByte) {
  const std::string file = ToArrowFile(OneOfEach()).Flatten();
  size_t refused = 0;
  for (size_t at = 0; at < file.size(); ++at) {
    for (const char bits : {'\x01', '\x80', '\xFF'}) {
      std::string damaged = file;
      damaged[at] = static_cast<char>(damaged[at] ^ bits);
      const absl::StatusOr<FrameColumns> frame = ReadArrowFile(damaged);
      if (!frame.ok()) {
        ++refused;
        continue;
      }
      for (const FrameColumn& column : frame->columns) {
        for (size_t row = 0; row < column.rows(); ++row) {
          if (column.offsets.empty()) continue;
          EXPECT_LE(column.Cell(row).size(), file.size());
        }
      }
    }
  }
  EXPECT_GT(refused, 0u);
}

TEST(ArrowFileTest, ALargeColumnIsAPieceOfTheFileAsItIs) {
  FrameColumns frame;
  FrameColumn column("text", ColumnType::kText, 2);
  column.AddText(std::string(100'001, 'x'));
  column.AddText("end");
  const char* const where = column.data.data();
  frame.columns.push_back(std::move(column));
  const Rope file = ToArrowFile(std::move(frame));
  const auto& pieces = file.pieces();
  EXPECT_TRUE(std::any_of(pieces.begin(), pieces.end(),
                          [&](const Rope::Piece& piece) { return piece.bytes.data() == where; }));
  const absl::StatusOr<FrameColumns> read = ReadArrowFile(file.Flatten());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->columns[0].Cell(1), "end");
}

}  // namespace
}  // namespace spanlog::frame
