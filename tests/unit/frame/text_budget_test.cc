// What happens to a trace that is larger than its frame may be.
#include "frame/text_budget.h"

#include <array>

#include "base/text.h"
#include "base/utf8.h"
#include "frame_testing.h"

namespace spanlog::frame {
namespace {

using weave::Tag;
using weave::TagFormat;

std::string ValueOf(const FrameColumns& frame, size_t row, size_t pair = 0) {
  return JsonCell(frame, "tags", row)[pair]["value"].get<std::string>();
}

TEST(TextBudgetTest, CutsALongTextAtACharacterAndSaysSo) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "語";
  const std::array<Tag, 1> tags = {{{"@message", Value::String(text), TagFormat::kText}}};
  weave::Row row = LogRow("log", "a");
  row.tags = tags;
  TraceFrameOptions options;
  options.max_attribute_bytes = 100;
  const FrameColumns frame = ReadBack(WovenOf({SpanRow("a"), row}), options);
  const std::string value = ValueOf(frame, 1);
  EXPECT_TRUE(IsValidUtf8(value));
  EXPECT_EQ(value.find("\n… [cut by Spanlog at 100 of 3000 bytes; full text: the record in the log "
                       "store]"),
            99u)
      << value;
  const Json meta = Json::parse(frame.meta_json);
  EXPECT_EQ(meta["notices"][0]["severity"], "warning");
  EXPECT_NE(meta["notices"][0]["text"].get<std::string>().find("limits.attributeBytes"),
            std::string::npos);
  EXPECT_EQ(JsonCell(frame, "warnings")[0], meta["notices"][0]["text"])
      << "Explore shows no notices, so the root span says it";
}

TEST(TextBudgetTest, CutsNothingThatFits) {
  const std::string text(1'000, 'x');
  const std::array<Tag, 1> tags = {{{"k", Value::String(text)}}};
  weave::Row row = SpanRow("a");
  row.tags = tags;
  TraceFrameOptions options;
  options.max_attribute_bytes = 1'000;
  const FrameColumns frame = ReadBack(WovenOf({row}), options);
  EXPECT_EQ(ValueOf(frame, 0), text);
  EXPECT_EQ(JsonCell(frame, "warnings"), Json::array());
  EXPECT_EQ(frame.meta_json.find("notices"), std::string::npos);
}

TEST(TextBudgetTest, GivesEveryTextOfATooLargeTraceTheSameLength) {
  const std::string text(20'000, 'x');
  const std::array<Tag, 1> tags = {{{"@message", Value::String(text), TagFormat::kText}}};
  std::vector<std::string> ids;
  for (int i = 0; i < 200; ++i) ids.push_back("log" + std::to_string(i));
  std::vector<weave::Row> rows = {SpanRow("a")};
  for (const std::string& id : ids) {
    rows.push_back(LogRow(id, "a"));
    rows.back().tags = tags;
  }
  TraceFrameOptions options;
  options.max_frame_bytes = 1 << 20;
  const weave::Woven woven = WovenOf(rows);
  EXPECT_LT(EncodeTraceFrame(woven, options).size(), options.max_frame_bytes);
  const FrameColumns frame = ReadBack(woven, options);
  ASSERT_EQ(frame.rows(), 201u);
  EXPECT_EQ(ValueOf(frame, 1), ValueOf(frame, 200)) << "the answer stands at the end of a run";
  EXPECT_GT(ValueOf(frame, 1).size(), 2'000u);
  EXPECT_NE(JsonCell(frame, "warnings")[0].get<std::string>().find("limits.frameBytes"),
            std::string::npos);
}

TEST(TextBudgetTest, KeepsEveryRowOfATraceThatFitsInNoWay) {
  std::vector<std::string> keys;
  for (int i = 0; i < 100; ++i) keys.push_back("attribute.number." + std::to_string(i));
  std::vector<Attribute> attributes;
  for (const std::string& key : keys) attributes.push_back({key, Value::String("value")});
  const std::array<Tag, 2> tags = {
      {{"@message", Value::String("words"), TagFormat::kText}, {"label", Value::String("x")}}};
  std::vector<weave::Row> rows;
  for (const std::string& key : keys) {
    rows.push_back(SpanRow(key));
    rows.back().attributes = attributes;
    rows.back().resource = attributes;
    rows.back().tags = tags;
  }
  TraceFrameOptions options;
  options.max_frame_bytes = 100'000;
  const weave::Woven woven = WovenOf(rows);
  EXPECT_LT(EncodeTraceFrame(woven, options).size(), 200'000u);
  const FrameColumns frame = ReadBack(woven, options);
  ASSERT_EQ(frame.rows(), 100u);
  EXPECT_EQ(ColumnOf(frame, "spanID").Cell(99), keys[99]);
  EXPECT_EQ(JsonCell(frame, "tags", 99),
            Json::parse(R"([{"key":"@message","value":"words","type":"text"}])"));
  EXPECT_NE(JsonCell(frame, "warnings")[0].get<std::string>().find("lost their attributes"),
            std::string::npos);
}

TEST(TextBudgetTest, CountsTheEscapesOfAHostileText) {
  const std::string text(100'000, '\x01');  // six bytes each in JSON
  const std::array<Tag, 1> tags = {{{"k", Value::String(text)}}};
  std::vector<std::string> ids;
  for (int i = 0; i < 30; ++i) ids.push_back(Concat("s", i));
  std::vector<weave::Row> rows;
  for (const std::string& id : ids) {
    rows.push_back(SpanRow(id));
    rows.back().tags = tags;
  }
  TraceFrameOptions options;
  options.max_frame_bytes = 4 << 20;
  const weave::Woven woven = WovenOf(rows);
  EXPECT_LT(EncodeTraceFrame(woven, options).size(), options.max_frame_bytes + 700'000);
  EXPECT_EQ(ReadBack(woven, options).rows(), 30u);
}

// Took minutes when the attributes were looked at again for each row.
TEST(TextBudgetTest, CountsAttributesThatManyRowsShareForEachOfThem) {
  constexpr size_t kMany = 20'000;
  std::vector<Attribute> attributes(kMany, {"key", Value::String("a value")});
  weave::Woven woven = WovenOf({});
  weave::Row row = SpanRow("a");
  row.resource = row.scope_attributes = woven.arena->CopyArray(attributes);
  woven.rows.assign(kMany, row);
  const TextBudget budget(woven, 1 << 20, 1 << 30);
  EXPECT_EQ(budget.limit(), 256u) << "the frame would have many gigabytes";
  woven.rows.resize(2);
  EXPECT_EQ(TextBudget(woven, 1 << 20, 1 << 30).limit(), 1u << 20);
}

}  // namespace
}  // namespace spanlog::frame
