#include "settings/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace spanlog::settings {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string ErrorOf(const std::string& json, const std::string& type = "") {
  const auto query = ParseQuery(json, type);
  return query.ok() ? "no error" : std::string(query.status().message());
}

TEST(QueryTest, TakesOneToThirtyTwoHexDigitsForATraceIdWhateverTheType) {
  for (const char* type : {"", "traceql", "traceId", "traceID"}) {
    for (const char* id :
         {"1", "aBc", "0af7651916cd43dd8448eb211c80319c", "  2f3e0cee77ae5dc9\n"}) {
      const auto query = ParseQuery(nlohmann::json{{"query", id}, {"queryType", type}}.dump(), "");
      ASSERT_TRUE(query.ok()) << id << " " << type << ": " << query.status();
      EXPECT_EQ(query->kind, QueryKind::kTrace) << id;
      EXPECT_FALSE(query->trace_id.empty());
    }
  }
  const auto query = ParseQuery(R"({"query":" 2F3E0cee77ae5dc9 "})", "");
  EXPECT_EQ(query->trace_text, "2F3E0cee77ae5dc9");
  EXPECT_EQ(query->trace_id.Hex(), "00000000000000002f3e0cee77ae5dc9");
}

TEST(QueryTest, TakesAnythingElseForTraceQl) {
  for (const char* text : {"{}", "{ status = error }", "({.a=1}) && {}", "{a=\"x\"} | count() > 3",
                           "service=checkout operation=GET"}) {
    const auto query = ParseQuery(nlohmann::json{{"query", text}}.dump(), "traceql");
    ASSERT_TRUE(query.ok()) << text << ": " << query.status();
    EXPECT_EQ(query->kind, QueryKind::kSearch);
    EXPECT_EQ(query->text, text);
  }
}

TEST(QueryTest, TakesAConversationId) {
  const auto query = ParseQuery(R"({"query":" abc ","queryType":"conversation"})", "");

  ASSERT_TRUE(query.ok());
  EXPECT_EQ(query->kind, QueryKind::kConversation);
  EXPECT_EQ(query->text, "abc");
}

TEST(QueryTest, TheTypeInTheJsonWinsOverTheOneBesideIt) {
  EXPECT_EQ(ParseQuery(R"({"query":"abc"})", "conversation")->kind, QueryKind::kConversation);
  EXPECT_EQ(ParseQuery(R"({"query":"abc","queryType":"traceql"})", "conversation")->kind,
            QueryKind::kTrace);
}

TEST(QueryTest, ReadsTheAdditiveKeysAndKeepsQuietAboutUnknownOnes) {
  const auto query = ParseQuery(
      R"({"query":"abc","logs":"messages","history":"delta","lanes":"service","minLevel":"warn",
          "logsQuery":" {app=\"x\"} ","limit":50,"views":["trace","logs","nodeGraph","table"],
          "refId":"A","datasource":{"uid":"x"},"tableType":"spans","filters":[],"intervalMs":1000})",
      "");

  ASSERT_TRUE(query.ok()) << query.status();
  EXPECT_EQ(query->logs, LogRows::kMessages);
  EXPECT_EQ(query->history, History::kDelta);
  EXPECT_EQ(query->lanes, Lanes::kService);
  EXPECT_EQ(query->min_level, Level::kWarn);
  EXPECT_EQ(query->logs_query, "{app=\"x\"}");
  EXPECT_EQ(query->limit, 50);
  EXPECT_TRUE(query->view_logs && query->view_node_graph && query->view_table);
}

TEST(QueryTest, LeavesWhatIsNotSaidToTheDatasource) {
  const auto query = ParseQuery(R"({"query":"abc","history":"","lanes":null,"minLevel":""})", "");

  ASSERT_TRUE(query.ok()) << query.status();
  EXPECT_FALSE(query->history.has_value());
  EXPECT_FALSE(query->lanes.has_value());
  EXPECT_EQ(query->logs, LogRows::kAll);
  EXPECT_EQ(query->min_level, Level::kUnknown);
}

TEST(QueryTest, ErrorsSayWhatIsWrongAndWhatIsAccepted) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"", "", "the query is empty"},
      {"   ", "", "the query is empty"},
      {"{", "", "no valid JSON object"},
      {"[1]", "", "no valid JSON object"},
      {"{\"query\":\"\xff\"}", "", "no valid JSON object"},
      {"{}", "", "query is empty: give a trace ID (1 to 32 hex digits) or TraceQL"},
      {R"({"query":"  "})", "", "query is empty"},
      {R"({"query":12})", "", "query must be text, not a number"},
      {R"({"query":"0000"})", "", "zeros only"},
      {R"({"query":"0af76519-16cd-43dd-8448-eb211c80319c"})", "", "neither a trace ID nor TraceQL"},
      {R"({"query":"0af7651916cd43dd8448eb211c80319c0"})", "", "neither a trace ID nor TraceQL"},
      {R"({"query":"hello world"})", "traceql", "neither a trace ID nor TraceQL"},
      {R"({"query":"{}"})", "traceId", "neither a trace ID nor TraceQL"},
      {R"(  {"query":"${__value.raw}"})", "", "the variable ${__value.raw}, which has no value"},
      {R"({"query":"$traceId"})", "", "which has no value"},
      {R"({"query":"abc","queryType":"serviceMap"})", "",
       "queryType is \"serviceMap\"; it may be absent or one of: traceql, traceId, conversation"},
      {R"({"query":"abc"})", "upload", "queryType is \"upload\""},
      {R"({"query":"abc","logs":"some"})", "",
       "logs is \"some\"; it may be one of: all, messages, none"},
      {R"({"query":"abc","history":"half"})", "", "history is \"half\""},
      {R"({"query":"abc","lanes":"x"})", "", "lanes is \"x\""},
      {R"({"query":"abc","minLevel":"loud"})", "", "minLevel is \"loud\""},
      {R"({"query":"abc","limit":-1})", "", "limit must be a whole number"},
      {R"({"query":"abc","views":["pie"]})", "", "views has \"pie\""},
      {R"({"query":"abc","views":"logs"})", "", "views must be a list"},
  };
  for (const auto& [json, type, expected] : cases) {
    EXPECT_THAT(ErrorOf(json, type), HasSubstr(expected)) << json;
  }
}

std::string SearchOf(const char* filters) {
  const std::string json =
      std::string(R"({"refId":"A","queryType":"traceqlSearch","filters":)") + filters + "}";
  const auto query = ParseQuery(json, "");
  EXPECT_TRUE(query.ok()) << query.status();
  if (!query.ok()) return {};
  EXPECT_EQ(query->kind, QueryKind::kSearch);
  return query->text;
}

TEST(QueryTest, TheFiltersOfTemposSearchBuilderAreTraceQl) {
  EXPECT_EQ(SearchOf(R"([{"id":"service-name","scope":"resource","tag":"service.name","value":"web",
                          "operator":"=","valueType":"string"},
                         {"id":"span-name","scope":"span","tag":"name","value":"GET /\"x",
                          "operator":"=","valueType":"string"}])"),
            R"({resource.service.name="web" && name="GET /\"x"})");
  EXPECT_EQ(SearchOf(R"([{"id":"a","scope":"span","tag":"http.status_code","value":["500"],
                          "operator":">=","valueType":"int"},
                         {"id":"b","tag":"status","value":"error","operator":"=",
                          "valueType":"keyword"},
                         {"id":"c","tag":"x","value":["a","b"],"operator":"=","valueType":"string"}])"),
            R"({span.http.status_code>=500 && status=error && .x=~"a|b"})");
}

TEST(QueryTest, WhatIsNoFilterIsLeftOutAndNoValueCanEndItsString) {
  EXPECT_EQ(SearchOf(R"([7, {"id":"empty","operator":"="}, {"tag":"a b","value":"x","operator":"="},
                         {"tag":"a","value":"x","operator":"; drop"}])"),
            "{}");
  EXPECT_EQ(SearchOf(R"([{"tag":"a","value":"1 } || { true","operator":"=","valueType":"int"}])"),
            R"({.a="1 } || { true"})");
}

TEST(QueryTest, ALinkFromASearchThatNamesATraceOpensIt) {
  const auto query = ParseQuery(R"({"queryType":"traceqlSearch","filters":[],"query":"abc1"})", "");
  ASSERT_TRUE(query.ok()) << query.status();
  EXPECT_EQ(query->kind, QueryKind::kTrace);
}

TEST(QueryTest, BoundsWhatItQuotesAndKeepsItOnOneLine) {
  const std::string error =
      ErrorOf(nlohmann::json{{"query", std::string(100'000, 'x') + "\n"}}.dump());

  EXPECT_LT(error.size(), 400u);
  EXPECT_THAT(ErrorOf(R"({"query":"a\nb"})"), Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace spanlog::settings
