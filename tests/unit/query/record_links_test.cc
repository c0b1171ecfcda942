#include "query/record_links.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace spanlog::query {
namespace {

using nlohmann::json;

constexpr int64_t kStart = 1'700'000'000'000'000'000;

class RecordLinksTest : public testing::Test {
 protected:
  // A row from a record, drawn `drawn` and written `written` ns after the start.
  void AddRow(std::vector<Attribute> labels, int64_t drawn = 0, int64_t written = 0) {
    weave::Row row;
    row.kind = weave::RowKind::kLog;
    row.start_ns = kStart + drawn;
    row.resource = woven_.arena->CopyArray(labels);
    const weave::Tag time{weave::kTimestampKey,
                          Value::String(woven_.arena->Copy(std::to_string(kStart + written))),
                          {}};
    row.tags = woven_.arena->CopyArray(absl::Span<const weave::Tag>(&time, 1));
    woven_.rows.push_back(row);
  }
  void AddSpanRow() { woven_.rows.emplace_back().start_ns = kStart; }

  std::string Expression() {
    const RecordLinks links(woven_, "loki-uid");
    const auto columns = links.Columns();
    if (columns.empty()) return "";
    return json::parse(columns[0].links_json)[0]["internal"]["query"]["expr"];
  }

  weave::Woven woven_;
};

Attribute Label(std::string_view key, std::string_view value) {
  return {key, Value::String(value)};
}

TEST_F(RecordLinksTest, AnInternalLinkFindsTheRecordByLabelAndNanosecond) {
  AddRow({Label("service_name", "web"), Label("pod", "web-1")});
  const RecordLinks links(woven_, "loki-uid");
  const json link = json::parse(links.Columns()[0].links_json)[0];
  EXPECT_EQ(link["internal"]["datasourceUid"], "loki-uid");
  EXPECT_EQ(
      Expression(),
      "{service_name=\"web\"} | label_format record_ns=`{{ __timestamp__ | unixEpochNanos }}` | "
      "record_ns=\"${__value.raw}\"");
}

TEST_F(RecordLinksTest, OnlyRowsDrawnInTheirRecordsMillisecondHaveTheInternalLink) {
  AddSpanRow();
  AddRow({Label("app", "a")}, 999'999, 0);
  AddRow({Label("app", "a")}, 1'000'000, 0);
  const RecordLinks links(woven_, "u");
  const auto columns = links.Columns();
  ASSERT_EQ(columns.size(), 2u);
  EXPECT_EQ(columns[0].cells[0].data(), nullptr);
  EXPECT_EQ(columns[1].cells[0].data(), nullptr);
  EXPECT_EQ(columns[0].cells[1], std::to_string(kStart));
  EXPECT_EQ(columns[1].cells[1].data(), nullptr) << "one link a row";
  EXPECT_EQ(columns[0].cells[2].data(), nullptr);
  EXPECT_EQ(columns[1].cells[2], R"({"from":"1700000000000","to":"1700000000001"})");
}

TEST_F(RecordLinksTest, ALinkWithARangeIsAUrlWithGrafanasVariablesReadable) {
  AddRow({Label("app", "a&b\"c")}, 5'000'000, 0);
  const RecordLinks links(woven_, "u");
  const json link = json::parse(links.Columns()[1].links_json)[0];
  const std::string url = link["url"];
  EXPECT_TRUE(StartsWith(url, "/explore?left=%7B%22datasource%22"));
  EXPECT_TRUE(Contains(url, "${__span.tags[\"log.timestamp\"]}")) << url;
  EXPECT_TRUE(Contains(url, "%22range%22%3A${__value.raw}%7D")) << url;
  EXPECT_FALSE(Contains(url, "&")) << url;
  EXPECT_FALSE(link.contains("internal"));
}

TEST_F(RecordLinksTest, ValuesOfSeveralStreamsAreAlternativesThatMatchThemselves) {
  AddRow({Label("job", "b.c")});
  AddRow({Label("job", "a")});
  EXPECT_TRUE(StartsWith(Expression(), "{job=~\"a|b\\\\.c\"} |")) << Expression();
}

TEST_F(RecordLinksTest, TheLabelThatMostRecordsHaveIsTakenAndOthersHaveNoLink) {
  AddRow({Label("app", "a"), Label("trace_id", "x")});
  AddRow({Label("app", "a"), Label("trace_id", "y")});
  AddRow({Label("filename", "f")});
  EXPECT_TRUE(StartsWith(Expression(), "{app=\"a\"}")) << Expression();
  const RecordLinks links(woven_, "u");
  EXPECT_EQ(links.Columns()[0].cells[2].data(), nullptr);
}

TEST_F(RecordLinksTest, AValueThatGrafanaWouldReadAsAVariableIsNoSelector) {
  AddRow({Label("app", "${__from}"), Label("zone", "eu")});
  EXPECT_TRUE(StartsWith(Expression(), "{zone=\"eu\"}")) << Expression();
}

TEST_F(RecordLinksTest, WithoutALokiDatasourceOrARecordThereAreNoColumns) {
  AddSpanRow();
  EXPECT_TRUE(RecordLinks(woven_, "u").Columns().empty());
  AddRow({Label("app", "a")});
  EXPECT_TRUE(RecordLinks(woven_, "").Columns().empty());
}

// Took minutes when the labels were counted again whenever the stream changed.
TEST_F(RecordLinksTest, RowsOfTwoStreamsOfManyLabelsTakeTurns) {
  constexpr size_t kMany = 5'000;
  std::vector<Attribute> labels = {Label("service_name", "web")};
  for (size_t i = 0; i < kMany; ++i) {
    labels.push_back(Label(woven_.arena->Copy(Concat("a", i)), "v"));
  }
  AddRow(labels);
  labels[0] = Label("service_name", "shop");
  AddRow(labels);
  for (size_t i = 0; i < kMany; ++i) woven_.rows.push_back(woven_.rows[i % 2]);
  EXPECT_TRUE(StartsWith(Expression(), R"({service_name=~"shop|web"})")) << Expression();
}

}  // namespace
}  // namespace spanlog::query
