#include "frame/trace_frame.h"

#include <array>

#include "frame_testing.h"

namespace spanlog::frame {
namespace {

TEST(TraceFrameTest, HasTempoColumnsInTempoOrderAndThenOurs) {
  const FrameColumns frame = ReadBack(WovenOf({SpanRow("a")}));
  std::vector<std::pair<std::string, ColumnType>> columns;
  for (const FrameColumn& column : frame.columns) {
    columns.emplace_back(column.name, column.type);
    EXPECT_FALSE(column.nullable) << column.name;
  }
  using enum ColumnType;
  const std::vector<std::pair<std::string, ColumnType>> expected = {
      {"traceID", kText},
      {"spanID", kText},
      {"parentSpanID", kText},
      {"operationName", kText},
      {"serviceName", kText},
      {"kind", kText},
      {"statusCode", kInt},
      {"statusMessage", kText},
      {"instrumentationLibraryName", kText},
      {"instrumentationLibraryVersion", kText},
      {"traceState", kText},
      {"serviceTags", kJson},
      {"startTime", kReal},
      {"duration", kReal},
      {"logs", kJson},
      {"references", kJson},
      {"tags", kJson},
      {"warnings", kJson},
      {"stackTraces", kJson}};
  EXPECT_EQ(columns, expected);
  EXPECT_EQ(frame.name, "Trace");
}

TEST(TraceFrameTest, FillsEveryColumnFromTheRow) {
  weave::Row row = SpanRow("00f067aa0ba902b7", "parent");
  row.operation_name = "POST /v1/chat";
  row.service_name = "agent";
  row.span_kind = SpanKind::kClient;
  row.status = StatusCode::kError;
  row.status_message = "boom";
  row.scope_name = "lib";
  row.scope_version = "1.2";
  row.trace_state = "a=b";
  const FrameColumns frame = ReadBack(WovenOf({row}));
  const auto text = [&](std::string_view column) { return ColumnOf(frame, column).Cell(0); };
  EXPECT_EQ(text("traceID"), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(text("spanID"), "00f067aa0ba902b7");
  EXPECT_EQ(text("parentSpanID"), "parent");
  EXPECT_EQ(text("operationName"), "POST /v1/chat");
  EXPECT_EQ(text("serviceName"), "agent");
  EXPECT_EQ(text("kind"), "client");
  EXPECT_EQ(text("statusMessage"), "boom");
  EXPECT_EQ(text("instrumentationLibraryName"), "lib");
  EXPECT_EQ(text("instrumentationLibraryVersion"), "1.2");
  EXPECT_EQ(text("traceState"), "a=b");
  EXPECT_EQ(ColumnOf(frame, "statusCode").Int(0), 2);
  EXPECT_EQ(ColumnOf(frame, "duration").Real(0), 1.5);
}

TEST(TraceFrameTest, NamesEveryKindAsTheViewDoes) {
  const std::array<std::pair<SpanKind, const char*>, 6> kinds = {
      {{SpanKind::kUnspecified, ""},
       {SpanKind::kInternal, "internal"},
       {SpanKind::kServer, "server"},
       {SpanKind::kClient, "client"},
       {SpanKind::kProducer, "producer"},
       {SpanKind::kConsumer, "consumer"}}};
  for (const auto& [kind, word] : kinds) {
    weave::Row row = SpanRow("a");
    row.span_kind = kind;
    EXPECT_EQ(ColumnOf(ReadBack(WovenOf({row})), "kind").Cell(0), word);
  }
}

TEST(TraceFrameTest, GivesTheNearestDoubleOfATime) {
  weave::Row row = SpanRow("a");
  row.start_ns = 1'700'000'000'123'456'789;
  // Through ns as a double this would be …456'787 or …456'800.
  EXPECT_EQ(ColumnOf(ReadBack(WovenOf({row})), "startTime").Real(0), 1700000000123.456789);
  row.start_ns = 1'700'000'000'000'000'001;
  EXPECT_EQ(ColumnOf(ReadBack(WovenOf({row})), "startTime").Real(0), 1700000000000.000001);
}

TEST(TraceFrameTest, KeepsTheOrderOfTimesThatDifferByANanosecond) {
  std::vector<weave::Row> rows;
  for (int64_t i = 0; i < 3'000; ++i) {
    rows.push_back(SpanRow("a"));
    rows.back().start_ns = 1'700'000'000'998'500'000 + i * 997;
  }
  const FrameColumns frame = ReadBack(WovenOf(rows));
  const FrameColumn& start = ColumnOf(frame, "startTime");
  for (size_t row = 1; row < rows.size(); ++row) EXPECT_LE(start.Real(row - 1), start.Real(row));
}

TEST(TraceFrameTest, DescribesItselfToGrafana) {
  weave::Woven woven = WovenOf({SpanRow("a")});
  woven.partial = true;
  woven.notices = {{weave::NoticeSeverity::kInfo, "i"},
                   {weave::NoticeSeverity::kWarning, "the \"log\" store"},
                   {weave::NoticeSeverity::kError, "e"}};
  TraceFrameOptions options;
  options.ref_id = "A";
  options.executed_query = "trace\nlogs";
  const FrameColumns frame = ReadBack(woven, options);
  EXPECT_EQ(frame.ref_id, "A");
  const Json meta = Json::parse(frame.meta_json);
  EXPECT_EQ(meta["preferredVisualisationType"], "trace");
  EXPECT_EQ(meta["typeVersion"], Json::parse("[0,0]"));
  EXPECT_EQ(meta["custom"], Json::parse(R"({"traceFormat":"otlp","partial":true})"));
  EXPECT_EQ(meta["executedQueryString"], "trace\nlogs");
  EXPECT_EQ(meta["notices"], Json::parse(R"([{"severity":"info","text":"i"},
      {"severity":"warning","text":"the \"log\" store"},{"severity":"error","text":"e"}])"));
}

TEST(TraceFrameTest, HasLinksOnTheRowsThatHaveACellForThem) {
  TraceFrameOptions options;
  options.links = {{"recordTime", R"([{"title":"Logs","url":"x"}])", {{}, "17"}}};
  const FrameColumns frame = ReadBack(WovenOf({SpanRow("a"), LogRow("l", "a")}), options);
  const FrameColumn& links = ColumnOf(frame, "recordTime");
  EXPECT_EQ(Json::parse(links.config_json)["links"][0]["title"], "Logs");
  EXPECT_TRUE(links.IsNull(0)) << "Grafana shows no link whose variable has no value";
  EXPECT_EQ(links.Cell(1), "17");
}

TEST(TraceFrameTest, EncodesATraceWithoutRows) {
  const FrameColumns frame = ReadBack(WovenOf({}));
  EXPECT_EQ(frame.columns.size(), 19u);
  EXPECT_EQ(frame.rows(), 0u);
}

TEST(TraceFrameTest, LeavesNoJsonCellEmpty) {
  const FrameColumns frame = ReadBack(WovenOf({SpanRow("a"), LogRow("b", "a")}));
  for (const char* column :
       {"serviceTags", "logs", "references", "tags", "warnings", "stackTraces"}) {
    for (size_t row = 0; row < 2; ++row) EXPECT_EQ(ColumnOf(frame, column).Cell(row), "[]");
  }
}

TEST(TraceFrameTest, GivesTheSameRowsAsJson) {
  weave::Row row = SpanRow("a");
  const std::array<weave::Tag, 1> tags = {
      {{"@message", Value::String("<b>"), weave::TagFormat::kText}}};
  row.tags = tags;
  TraceFrameOptions options;
  options.ref_id = "A";
  const Json frame = Json::parse(TraceFrameJson(WovenOf({row, SpanRow("b", "a")}), options));
  const Json& fields = frame["schema"]["fields"];
  const Json& values = frame["data"]["values"];
  ASSERT_EQ(fields.size(), 19u);
  ASSERT_EQ(values.size(), 19u);
  EXPECT_EQ(frame["schema"]["refId"], "A");
  EXPECT_EQ(frame["schema"]["meta"]["preferredVisualisationType"], "trace");
  EXPECT_EQ(fields[1],
            Json::parse(R"({"name":"spanID","type":"string","typeInfo":{"frame":"string"}})"));
  EXPECT_EQ(fields[6]["typeInfo"]["frame"], "int64");
  EXPECT_EQ(fields[12]["typeInfo"]["frame"], "float64");
  EXPECT_EQ(fields[16]["type"], "other");
  EXPECT_EQ(values[1], Json::parse(R"(["a","b"])"));
  EXPECT_EQ(values[12][0], 1700000000123.456789);
  EXPECT_EQ(values[16][0][0]["value"], "&lt;b&gt;");
}

}  // namespace
}  // namespace spanlog::frame
