#include "views/logs_view.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "view_testing.h"

namespace spanlog::views {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using weave::RowKind;

const std::vector<int64_t>& Times(const frame::Table& table) {
  return std::get<frame::Column::Times>(ColumnOf(table, "timestamp").data).ns;
}

weave::Row LogAt(weave::Woven& woven, std::string_view id, int64_t drawn_ms, int64_t true_ms) {
  return RowOf(
      woven, RowKind::kLog, id, drawn_ms,
      {TextTag("@message", id), TextTag("log.level", "warn"),
       TextTag("log.timestamp", woven.arena->Copy(std::to_string(kStart + true_ms * kMs)))},
      {{"app", Value::String("web")}});
}

TEST(LogsViewTest, ShowsRecordsAtTheirOwnTimeOldestFirst) {
  weave::Woven woven;
  woven.rows = {LogAt(woven, "drawn at the edge", 0, 90), LogAt(woven, "first", 1, 1)};
  const frame::Table table = LogsView(woven, {});
  EXPECT_THAT(Texts(table, "body"), ElementsAre("first", "drawn at the edge"));
  EXPECT_THAT(Times(table), ElementsAre(kStart + kMs, kStart + 90 * kMs));
  EXPECT_THAT(Texts(table, "severity"), ElementsAre("warn", "warn"));
}

TEST(LogsViewTest, AMessageBeginsWithItsRoleAndHasItsPlaceInTheTrace) {
  weave::Woven woven;
  // One details event at the end of the call holds the whole conversation.
  const std::string_view record = "1700000000099000000";
  woven.rows = {RowOf(woven, RowKind::kMessage, "u", 1,
                      {TextTag("@message", "hi"), TextTag("message.role", "user"),
                       TextTag("log.timestamp", record)}),
                RowOf(woven, RowKind::kMessage, "a", 2,
                      {TextTag("@message", "hello"), TextTag("message.role", "assistant"),
                       TextTag("log.timestamp", record)})};
  const frame::Table table = LogsView(woven, {});
  EXPECT_THAT(Texts(table, "body"), ElementsAre("user: hi", "assistant: hello"));
  EXPECT_THAT(Times(table), ElementsAre(kStart + kMs, kStart + 2 * kMs));
}

TEST(LogsViewTest, LeavesSpansAndFoldedHistoryOut) {
  weave::Woven woven;
  woven.rows = {RowOf(woven, RowKind::kSpan, "s", 0, {}),
                RowOf(woven, RowKind::kHistory, "h", 0, {}),
                RowOf(woven, RowKind::kRun, "r", 0, {}), LogAt(woven, "l", 1, 1)};
  EXPECT_THAT(Texts(LogsView(woven, {}), "id"), ElementsAre("l"));
}

TEST(LogsViewTest, LabelsAreTextsEachKeyOnce) {
  weave::Woven woven;
  woven.rows = {RowOf(woven, RowKind::kLog, "l", 0,
                      {TextTag("@message", "m"),
                       TextTag("app", "other"),
                       {"n", Value::Int(7), {}},
                       {"on", Value::Bool(true), {}},
                       TextTag("quote", "\"<b>\n")},
                      {{"app", Value::String("web")}})};
  const frame::Table table = LogsView(woven, {});
  const json labels =
      json::parse(std::get<frame::Column::Json>(ColumnOf(table, "labels").data).cells[0]);
  EXPECT_EQ(labels, json::parse(R"({"app":"web","n":"7","on":"true","quote":"\"<b>\n"})"));
}

TEST(LogsViewTest, EachRowOpensItsSpanInThisDatasource) {
  weave::Woven woven;
  woven.trace_id = "abc";
  woven.rows = {LogAt(woven, "l", 1, 1)};
  LogsViewOptions options;
  options.datasource_uid = "mine";
  const frame::Table table = LogsView(woven, options);
  const json link = json::parse(ColumnOf(table, "spanID").config_json)["links"][0]["internal"];
  EXPECT_EQ(link["datasourceUid"], "mine");
  EXPECT_EQ(link["query"], json::parse(R"({"query":"abc","queryType":"traceql"})"));
  EXPECT_EQ(link["panelsState"]["trace"]["spanId"], "${__value.raw}");
  EXPECT_THAT(Texts(table, "spanID"), ElementsAre("l"));
}

TEST(LogsViewTest, RowsWithTheLabelHaveTheirRecordsRange) {
  weave::Woven woven;
  woven.rows = {LogAt(woven, "l", 1, 1),
                RowOf(woven, RowKind::kMessage, "only on its span", 2, {TextTag("@message", "m")})};
  LogsViewOptions options;
  options.record_label = "app";
  options.record_links = "[]";
  const frame::Table table = LogsView(woven, options);
  const auto& ranges =
      std::get<std::vector<std::optional<std::string>>>(ColumnOf(table, "recordWindow").data);
  EXPECT_EQ(ranges[0], R"({"from":"1700000000001","to":"1700000000002"})");
  EXPECT_EQ(ranges[1], std::nullopt);
}

TEST(LogsViewTest, WhatDoesNotFitIsCounted) {
  weave::Woven woven;
  const std::string line(1000, 'x');
  for (int i = 0; i < 50; ++i) {
    woven.rows.push_back(RowOf(woven, RowKind::kLog, "l", i, {TextTag("@message", line)}));
  }
  LogsViewOptions options;
  options.max_frame_bytes = 20'000;
  const frame::Table table = LogsView(woven, options);
  EXPECT_EQ(Texts(table, "body").size(), 18u);
  EXPECT_EQ(json::parse(table.meta_json)["notices"][0]["text"].get<std::string>().substr(0, 9),
            "32 later ");
}

TEST(LogsViewTest, ALongBodySaysThatItIsCut) {
  weave::Woven woven;
  woven.rows = {RowOf(woven, RowKind::kLog, "l", 0, {TextTag("@message", "äöü")})};
  LogsViewOptions options;
  options.max_body_bytes = 3;
  EXPECT_THAT(Texts(LogsView(woven, options), "body"), ElementsAre("ä… [cut]"));
}

}  // namespace
}  // namespace spanlog::views
