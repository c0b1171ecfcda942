#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "stores/layout/ids.h"
#include "stores/layout/key_roles.h"
#include "stores/layout/levels.h"
#include "stores/layout/line_reader.h"
#include "stores/layout/plain_text.h"
#include "stores/layout/record_layout.h"

namespace spanlog::stores {
namespace {

constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kSpan[] = "00f067aa0ba902b7";
const TraceId kWanted = *ParseTraceId(kTrace);
const uint64_t kWantedSpan = ParseSpanId(kSpan);

using Labels = std::vector<std::pair<std::string, std::string>>;

// One record read by its layout, with what its views point to.
struct Laid {
  std::string line;
  Labels label_texts, metadata_texts;
  std::vector<Attribute> labels, metadata;
  std::unique_ptr<Arena> arena = std::make_unique<Arena>();
  LogRecord record;
};

std::unique_ptr<Laid> Lay(
    std::string line, Labels labels = {}, Labels metadata = {},
    std::shared_ptr<const LayoutOptions> options = *LayoutOptions::Create({}, "")) {
  auto laid = std::make_unique<Laid>();
  laid->line = std::move(line);
  laid->label_texts = std::move(labels);
  laid->metadata_texts = std::move(metadata);
  for (const auto& [key, value] : laid->label_texts)
    laid->labels.push_back({key, Value::String(value)});
  for (const auto& [key, value] : laid->metadata_texts)
    laid->metadata.push_back({key, Value::String(value)});
  laid->record.line = laid->line;
  laid->record.metadata = laid->metadata;
  RecordLayout(std::move(options), kWanted, *laid->arena).Read({{laid->labels}}, laid->record);
  return laid;
}

std::string Line(std::string text) {
  const auto put = [&](std::string_view mark, std::string_view value) {
    for (size_t at = text.find(mark); at != text.npos; at = text.find(mark)) {
      text.replace(at, mark.size(), value);
    }
  };
  put("TRACE", kTrace);
  put("SPAN", kSpan);
  return text;
}

// Every line names the wanted trace and span.
class IdLayoutTest : public ::testing::TestWithParam<const char*> {};

TEST_P(IdLayoutTest, FindsTraceAndSpan) {
  const auto laid = Lay(Line(GetParam()));
  EXPECT_EQ(laid->record.trace_id, kWanted);
  EXPECT_EQ(SpanIdHex(laid->record.span_id), kSpan);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, IdLayoutTest,
    ::testing::Values(
        // JSON, in the spellings of loggers
        R"({"level":"info","message":"m","traceId":"TRACE","spanId":"SPAN"})",
        R"({"trace_id":"TRACE","span_id":"SPAN","trace_flags":"01"})",
        R"({"traceID":"TRACE","spanID":"SPAN"})", R"({"TraceId":"TRACE","SpanId":"SPAN"})",
        R"({"traceid":"TRACE","spanid":"SPAN"})", R"({"trace-id":"TRACE","span-id":"SPAN"})",
        R"({"trace.id":"TRACE","span.id":"SPAN"})",
        R"({"trace":{"id":"TRACE"},"span":{"id":"SPAN"}})",
        R"({"otelTraceID":"TRACE","otelSpanID":"SPAN","otelServiceName":"x"})",
        R"({"@t":"2026","@mt":"m","@tr":"TRACE","@sp":"SPAN"})",
        R"({"X-B3-TraceId":"TRACE","X-B3-SpanId":"SPAN"})",
        R"({"mdc":{"traceId":"TRACE","spanId":"SPAN"}})",
        R"({"context":{"trace_id":"TRACE","span_id":"SPAN"}})",
        R"({"attributes":{"trace_id":"TRACE","span_id":"SPAN"}})",
        R"({"logging.googleapis.com/trace":"projects/p/traces/TRACE","logging.googleapis.com/spanId":"SPAN"})",
        R"({"dd.trace_id":"TRACE","dd.span_id":"67667974448284343"})",
        R"({"dd":{"trace_id":"11803532876627986230","span_id":"67667974448284343"}})",
        R"({"traceparent":"00-TRACE-SPAN-01"})",
        R"({"msg":"in","http":{"traceparent":"00-TRACE-SPAN-01"}})",
        R"({"traceId":"A3CE929D0E0E4736","spanId":"0xF067AA0BA902B7"})",
        R"({"trace_id":"4BF92F35-77B3-4DA6-A3CE-929D0E0E4736","span_id":"SPAN"})",
        R"({"body":"b","traceid":"TRACE","spanid":"SPAN","severity":"Info"})",
        // envelopes
        R"({"log":"{\"msg\":\"m\",\"trace_id\":\"TRACE\",\"span_id\":\"SPAN\"}\n","stream":"stdout","time":"t"})",
        R"({"log":"level=info trace_id=TRACE span_id=SPAN msg=m\n","stream":"stderr"})",
        R"({"log":"[TRACE,SPAN] plain\n","stream":"stderr"})",
        R"({"message":"{\"trace_id\":\"TRACE\",\"span_id\":\"SPAN\",\"msg\":\"m\"}","kubernetes":{"pod":"p"}})",
        R"(2026-11-21T09:00:00.123456789Z stdout F {"msg":"m","trace_id":"TRACE","span_id":"SPAN"})",
        "2026-11-21T09:00:00.123456789+01:00 stderr P level=info traceID=TRACE spanID=SPAN",
        // logfmt
        "level=info traceId=TRACE spanId=SPAN msg=\"a b\"",
        "ts=1 msg=\"x=\\\"y\\\"\" trace.id=TRACE span.id=SPAN",
        "traceID=a3ce929d0e0e4736 spanID=f067aa0ba902b7 severity=Error msg=m",
        // plain text
        "12:00 INFO [http-1] [trace_id=TRACE, span_id=SPAN] c.e.C - GET",
        "INFO [shop,TRACE,SPAN,true] 1 --- m", "ERROR [TRACE/SPAN] boom\n\tat x",
        "x - - \"GET\" traceparent=00-TRACE-SPAN-01", "[TRACE] [SPAN] m", "TRACE:SPAN:0:1 uber",
        "trace TRACE, span_id: SPAN", "b3=a3ce929d0e0e4736-SPAN-1 m",
        "parentSpanId=1111111111111111 spanId=SPAN traceId=TRACE m",
        "{broken json TRACE \"span_id\": \"SPAN\"",
        "dd.trace_id=1 dd.span_id=67667974448284343 TRACE in plain text here",
        "[dd.service=web dd.env=prod dd.trace_id=11803532876627986230 "
        "dd.span_id=67667974448284343] m",
        "trace_id=11803532876627986230 said span_id=67667974448284343 of a plain line",
        R"({"trace_id":"11803532876627986230","span_id":"67667974448284343"})",
        R"({"dd.trace_id":11803532876627986230,"dd.span_id":67667974448284343})",
        "4BF92F35-77B3-4DA6-A3CE-929D0E0E4736 done, span_id=SPAN",
        R"({"xray_trace_id":"1-4bf92f35-77b34da6a3ce929d0e0e4736@SPAN","span_id":"SPAN"})",
        "AWS-XRAY-TRACE-ID: 1-4bf92f35-77b34da6a3ce929d0e0e4736@SPAN - m",
        "X-Amzn-Trace-Id: Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=SPAN;Sampled=1",
        R"({"uber-trace-id":"TRACE:f067aa0ba902b7:0:1"})", R"({"sentry-trace":"TRACE-SPAN-1"})",
        R"({"trace":"TRACE","span":"SPAN"})",
        R"({"trace":"projects/p/traces/TRACE","spanId":"SPAN"})",
        R"({"ctx":{"trace":{"id":"TRACE"},"span":{"id":"SPAN"}},"message":"m"})",
        R"({"old":{"trace_id":"11111111111111111111111111111111"},"trace_id":"TRACE","span_id":"SPAN"})",
        R"({"EventId":0,"LogLevel":"Information","Message":"m","Scopes":[{"SpanId":"SPAN","TraceId":"TRACE","ParentId":"0000000000000000"}]})",
        R"({"timestamp":"t","level":"INFO","fields":{"message":"m"},"span":{"name":"s","trace_id":"TRACE","span_id":"SPAN"}})",
        R"({"sequenceNumber":0,"level":"INFO","mdc":{"trace_id":"TRACE","span_id":"SPAN"},"message":"a {}","formattedMessage":"a b"})",
        "Nov 21 09:00:00 host app[7]: "
        "{\"level\":\"info\",\"traceId\":\"TRACE\",\"spanId\":\"SPAN\",\"msg\":\"m\"}",
        "2026-11-21T09:00:00Z\tINFO\tmain.go:7\ttext\t{\"trace_id\": \"TRACE\", \"span_id\": "
        "\"SPAN\"}",
        "\x1b[2m2026\x1b[0m \x1b[32m INFO\x1b[0m \x1b[3mtrace_id\x1b[0m\x1b[2m=\x1b[0mTRACE "
        "\x1b[3mspan_id\x1b[0m\x1b[2m=\x1b[0mSPAN m",
        "trace=TRACE span=SPAN and words of a plain line",
        "SpanId:SPAN, TraceId:TRACE, ParentId:0 =>"));

TEST(RecordLayoutTest, FindsAShortIdWithoutItsLeadingZeros) {
  EXPECT_TRUE(
      FindIdsInText("traceID=a9d4d8a928d8db1 m", *ParseTraceId("0a9d4d8a928d8db1")).has_trace);
  EXPECT_FALSE(
      FindIdsInText("traceID=fa9d4d8a928d8db1 m", *ParseTraceId("0a9d4d8a928d8db1")).has_trace);
  EXPECT_EQ(FindIdsInText("traceID=0a9d4d8a928d8db1 spanID=9d4d8a928d8db1",
                          *ParseTraceId("0a9d4d8a928d8db1"))
                .span_id,
            0x9d4d8a928d8db1u);
}

TEST(RecordLayoutTest, TakesALineApartThatACollectorOnlyForwarded) {
  const auto laid =
      Lay(Line(R"({"level":"warn","msg":"m","trace_id":"TRACE","span_id":"SPAN"})"),
          {{"service_name", "file"}}, {{"observed_timestamp", "1"}, {"log_file_name", "a.log"}});
  EXPECT_EQ(laid->record.trace_id, kWanted);
  EXPECT_EQ(laid->record.span_id, kWantedSpan);
  EXPECT_EQ(laid->record.text, "m");
  EXPECT_EQ(laid->record.level, Level::kWarn);
}

TEST(RecordLayoutTest, FillsTheHolesOfAMessageTemplate) {
  EXPECT_EQ(Lay(R"({"@t":"t","@mt":"Order {Id} of {@User:l,10} {{x}} {None}","Id":7,"User":"Ann"})")
                ->record.text,
            "Order 7 of Ann {x} {None}");
  EXPECT_EQ(Lay(R"({"MessageTemplate":"Hi {N}","Properties":{"N":true}})")->record.text, "Hi true");
  EXPECT_EQ(Lay(R"({"MessageTemplate":"Hi {N}","RenderedMessage":"Hi you"})")->record.text,
            "Hi you");
}

TEST(RecordLayoutTest, KnowsThatSerilogLeavesInformationOut) {
  EXPECT_EQ(Lay(R"({"@t":"t","@mt":"m"})")->record.level, Level::kInfo);
  EXPECT_EQ(Lay(R"({"@t":"t","@mt":"m","@l":"Warning"})")->record.level, Level::kWarn);
  EXPECT_EQ(Lay(R"({"@mt":"m"})")->record.level, Level::kUnknown);
}

TEST(RecordLayoutTest, ReadsJsonBehindAPrefix) {
  const auto syslog = Lay(R"(<14>1 2026 host app - - - {"level":"error","message":"boom","n":1})");
  EXPECT_EQ(syslog->record.text, "boom");
  EXPECT_EQ(syslog->record.level, Level::kError);
  const auto console = Lay("09:00 WARN main.go:7 text {\"n\":1}");
  EXPECT_EQ(console->record.text, "09:00 WARN main.go:7 text {\"n\":1}");
  EXPECT_EQ(console->record.level, Level::kWarn);
  EXPECT_EQ(Find(console->record.fields, "n")->integer, 1);
  EXPECT_EQ(Lay("INFO worker {\"message\":\"done\"}")->record.level, Level::kInfo);
  EXPECT_EQ(Lay("func main() { return }")->record.text, "func main() { return }");
}

TEST(RecordLayoutTest, ReadsTheLevelOfAColouredLine) {
  EXPECT_EQ(Lay("\x1b[31mERROR\x1b[0m boom")->record.level, Level::kError);
  EXPECT_EQ(Lay("\x1b[31mERROR\x1b[0m boom")->record.text, "\x1b[31mERROR\x1b[0m boom");
}

TEST(RecordLayoutTest, LeavesTheSpanOpenWhereALineNamesOnlyTheTrace) {
  for (const char* line :
       {"done TRACE", R"({"traceId":"TRACE"})", "level=info traceId=TRACE msg=m", "TRACE deadbeef",
        R"({"traceId":"TRACE","spanId":"0000000000000000"})", R"({"traceId":"TRACE","spanId":"0"})",
        "parent_span_id=1111111111111111 TRACE"}) {
    const auto laid = Lay(Line(line));
    EXPECT_EQ(laid->record.trace_id, kWanted) << line;
    EXPECT_EQ(laid->record.span_id, 0u) << line;
  }
}

TEST(RecordLayoutTest, TakesNoIdWhereThereIsNone) {
  for (const char* line :
       {"", "hello", R"({"traceId":"0","spanId":"0"})", R"({"traceId":"not an id"})",
        "otelTraceID=0 otelSpanID=0 otelServiceName=x", "null", "[1,2]", "   ", "{", "=a b="}) {
    const auto laid = Lay(line);
    EXPECT_TRUE(laid->record.trace_id.empty()) << line;
    EXPECT_EQ(laid->record.span_id, 0u) << line;
    EXPECT_EQ(laid->record.line, line);
  }
}

TEST(RecordLayoutTest, DoesNotTakeTheSpanOfAnotherTrace) {
  const auto laid =
      Lay(Line(R"({"traceId":"11111111111111111111111111111111","msg":"linked to TRACE-SPAN"})"));
  EXPECT_EQ(laid->record.trace_id, *ParseTraceId("11111111111111111111111111111111"));
  EXPECT_EQ(laid->record.span_id, 0u);
}

TEST(RecordLayoutTest, ReadsMetadataBeforeTheLineAndLabelsLast) {
  const auto metadata =
      Lay("traceId=1 spanId=2 level=debug", {}, {{"trace_id", kTrace}, {"span_id", kSpan}});
  EXPECT_EQ(metadata->record.trace_id, kWanted);
  EXPECT_EQ(metadata->record.span_id, kWantedSpan);
  const auto labels =
      Lay(R"({"msg":"query","level":"DEBUG"})",
          {{"trace_id", kTrace}, {"span_id", kSpan}, {"level", "error"}, {"job", "ns/shop"}});
  EXPECT_EQ(labels->record.trace_id, kWanted);
  EXPECT_EQ(labels->record.span_id, kWantedSpan);
  EXPECT_EQ(labels->record.level, Level::kDebug);
  EXPECT_EQ(labels->record.text, "query");
  EXPECT_EQ(labels->record.service, "shop");
}

TEST(RecordLayoutTest, LeavesTheBodyOfAnOpenTelemetryRecordWhole) {
  const char* body = R"({"message":"msg key","level":"error","trace_id":"1"})";
  const auto laid = Lay(body, {{"service_name", "nest"}},
                        {{"severity_number", "9"},
                         {"severity_text", "WARN"},
                         {"trace_id", kTrace},
                         {"span_id", kSpan},
                         {"scope_name", "app"},
                         {"event_name", "e"},
                         {"detected_level", "error"}});
  EXPECT_EQ(laid->record.text, body);
  EXPECT_TRUE(laid->record.fields.empty());
  EXPECT_EQ(laid->record.level, Level::kInfo) << "the severity number says it";
  EXPECT_EQ(laid->record.scope_name, "app");
  EXPECT_EQ(laid->record.event_name, "e");
  EXPECT_EQ(laid->record.service, "nest");
  EXPECT_EQ(laid->record.trace_id, kWanted);
}

TEST(RecordLayoutTest, FindsTheMessage) {
  const struct {
    const char *line, *text;
  } kLines[] = {{R"({"msg":"a","message":"b"})", "a"},
                {R"({"@m":"rendered","@mt":"template {x}"})", "rendered"},
                {R"({"@mt":"template {x}"})", "template {x}"},
                {R"({"short_message":"gelf","level":3})", "gelf"},
                {R"({"event":"structlog","level":"info"})", "structlog"},
                {R"({"body":{"msg":"inner","code":"1"},"traceid":"1"})", "inner"},
                {R"({"log":"docker\n","stream":"stdout"})", "docker"},
                {R"({"jsonPayload":{"message":"gcp"}})", "gcp"},
                {R"({"log":{"level":"info"},"message":"ecs"})", "ecs"},
                {R"({"message":{"a":1}})", R"({"message":{"a":1}})"},
                {R"({"a":1})", R"({"a":1})"},
                {R"(level=info msg="a \"quoted\" value" x=1)", "a \"quoted\" value"},
                {"level=info x=1", "level=info x=1"},
                {"plain a=1", "plain a=1"},
                {"2026-11-21T09:00:00.123456789Z stdout F hello", "hello"}};
  for (const auto& [line, text] : kLines) EXPECT_EQ(Lay(line)->record.text, text) << line;
}

TEST(RecordLayoutTest, KeepsTheOtherFieldsUnderTheirNames) {
  const auto laid = Lay(Line(
      R"({"level":"info","msg":"m","traceId":"TRACE","orderId":7,"ok":true,"user":{"id":"u","tags":[1,2]},"n":null})"));
  std::vector<std::string> keys;
  for (const Attribute& field : laid->record.fields) keys.emplace_back(field.key);
  EXPECT_THAT(keys, ::testing::ElementsAre("orderId", "ok", "user.id", "user.tags"));
  EXPECT_EQ(Find(laid->record.fields, "orderId")->integer, 7);
  EXPECT_EQ(FindText(laid->record.fields, "user.tags"), "[1,2]");
  const auto exporter =
      Lay(R"({"body":"b","attributes":{"db.system":"pg"},"resources":{"service.name":"s"}})");
  EXPECT_EQ(FindText(exporter->record.fields, "db.system"), "pg");
  EXPECT_EQ(exporter->record.service, "s");
}

TEST(RecordLayoutTest, BoundsWhatOneLineMayUnfold) {
  std::string wide = "{";
  for (int i = 0; i < 1000; ++i) wide += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_LE(Lay(wide + "\"z\":1}")->record.fields.size(), 128u);
  std::string deep = R"({"msg":"m")";
  for (int i = 0; i < 100; ++i) deep += R"(,"a":{"b":1)";
  deep += std::string(101, '}');
  EXPECT_EQ(Lay(deep)->record.text, "m");
  std::string nested = R"({"msg":"end"})";
  for (int i = 0; i < 6; ++i) {
    std::string escaped;
    for (const char c : nested) {
      if (c == '"' || c == '\\') escaped.push_back('\\');
      escaped.push_back(c);
    }
    nested = R"({"log":")" + escaped + "\"}";
  }
  EXPECT_FALSE(Lay(nested)->record.text.empty());
}

TEST(RecordLayoutTest, UsesTheDatasourcesOwnKeysAndExpression) {
  const auto options = LayoutOptions::Create({{"corr"}, {"op"}}, R"(req<([0-9a-f]+)>)");
  ASSERT_TRUE(options.ok());
  const auto keys = Lay(Line("corr=TRACE op=SPAN msg=m"), {}, {}, *options);
  EXPECT_EQ(keys->record.trace_id, kWanted);
  EXPECT_EQ(keys->record.span_id, kWantedSpan);
  const auto regex = Lay("req<abc123> hello", {}, {}, *options);
  EXPECT_EQ(regex->record.trace_id, *ParseTraceId("abc123"));
  const auto loose =
      LayoutOptions::Create({{"my.corr-id"}, {"opId"}}, R"(<([0-9a-f]+)\|([0-9a-f]+)>)");
  ASSERT_TRUE(loose.ok());
  const auto metadata = Lay("m", {}, {{"my_corr_id", kTrace}, {"op_id", kSpan}}, *loose);
  EXPECT_EQ(metadata->record.trace_id, kWanted);
  EXPECT_EQ(metadata->record.span_id, kWantedSpan);
  const auto both = Lay(Line("<TRACE|SPAN> span_id=1111111111111111 hello"), {}, {}, *loose);
  EXPECT_EQ(both->record.trace_id, kWanted);
  EXPECT_EQ(both->record.span_id, kWantedSpan) << "the datasource's own expression goes first";
  EXPECT_FALSE(LayoutOptions::Create({}, "(a)(b)(c)").ok());
  EXPECT_FALSE(LayoutOptions::Create({}, "(").ok());
  EXPECT_FALSE(LayoutOptions::Create({}, "no group").ok());
}

TEST(RecordLayoutTest, PrefersAStatedLevelToAGuess) {
  EXPECT_EQ(Lay("x", {}, {{"detected_level", "error"}})->record.level, Level::kError);
  EXPECT_EQ(Lay(R"({"level":"warn"})", {}, {{"detected_level", "error"}})->record.level,
            Level::kWarn);
  EXPECT_EQ(Lay("x ERROR y", {}, {{"detected_level", "unknown"}})->record.level, Level::kUnknown);
  EXPECT_EQ(Lay("x ERROR y")->record.level, Level::kError) << "an old Loki does not guess";
  EXPECT_EQ(
      Lay("x", {{"severity_text", "WARN"}}, {{"severity_text_extracted", "WARN"}})->record.level,
      Level::kWarn);
  EXPECT_EQ(Lay(R"({"level":30})")->record.level, Level::kInfo);
  EXPECT_EQ(Lay(R"({"levelno":30})")->record.level, Level::kWarn);
  EXPECT_EQ(Lay(R"({"log.level":"ERROR"})")->record.level, Level::kError);
  EXPECT_EQ(Lay(R"({"log":{"level":"ERROR"}})")->record.level, Level::kError);
}

TEST(RecordLayoutTest, NamesNoServiceWhereLokiMadeOneUp) {
  EXPECT_EQ(Lay("x", {{"service_name", "unknown_service"}})->record.service, "");
  EXPECT_EQ(Lay("x", {{"service_name", "unknown_service"}, {"app", "shop"}})->record.service,
            "shop");
}

TEST(LevelsTest, ReadsAllSpellings) {
  const struct {
    const char* text;
    Level level;
  } kTexts[] = {
      {"Information", Level::kInfo}, {"WARNING", Level::kWarn},  {"err", Level::kError},
      {"CRITICAL", Level::kFatal},   {"verbose", Level::kTrace}, {"I", Level::kInfo},
      {"INFO2", Level::kInfo},       {"ERROR4", Level::kError},  {"dbg", Level::kDebug},
      {"unknown", Level::kUnknown},  {"", Level::kUnknown},      {"levels", Level::kUnknown}};
  for (const auto& [text, level] : kTexts) EXPECT_EQ(LevelOfText(text), level) << text;
}

TEST(LevelsTest, ReadsAllScalesOfNumbers) {
  EXPECT_EQ(LevelOfSeverityNumber(1), Level::kTrace);
  EXPECT_EQ(LevelOfSeverityNumber(12), Level::kInfo);
  EXPECT_EQ(LevelOfSeverityNumber(24), Level::kFatal);
  EXPECT_EQ(LevelOfSeverityNumber(25), Level::kUnknown);
  EXPECT_EQ(LevelOfNumber(3), Level::kError);
  EXPECT_EQ(LevelOfNumber(7), Level::kDebug);
  EXPECT_EQ(LevelOfNumber(50), Level::kError);
  EXPECT_EQ(LevelOfNumber(60), Level::kFatal);
  EXPECT_EQ(LevelOfNumber(5000), Level::kTrace);
  EXPECT_EQ(LevelOfNumber(20000), Level::kInfo);
  EXPECT_EQ(LevelOfNumber(40000), Level::kError);
  EXPECT_EQ(LevelOfNumber(-1), Level::kUnknown);
  EXPECT_EQ(LevelOfPythonNumber(20), Level::kInfo);
}

TEST(LevelsTest, FindsTheLevelWordOfAPlainLine) {
  EXPECT_EQ(LevelInPlainText("2026-11-21 09:00 WARN  [main] x"), Level::kWarn);
  EXPECT_EQ(LevelInPlainText("[error] x"), Level::kError);
  EXPECT_EQ(LevelInPlainText("there was an error in the trace"), Level::kUnknown);
  EXPECT_EQ(LevelInPlainText("GET / HTTP/1.1"), Level::kUnknown);
}

TEST(KeyRolesTest, KnowsEveryRowUnderItsOwnSpelling) {
  // The table is searched by halves: a row out of order would not be found.
  for (const char* key : {"@l",
                          "@m",
                          "@message",
                          "@mt",
                          "@sp",
                          "@tr",
                          "b3",
                          "body",
                          "dd.span_id",
                          "dd.trace_id",
                          "detected_level",
                          "event",
                          "event.name",
                          "instrumentation_scope.name",
                          "level",
                          "levelname",
                          "levelno",
                          "log",
                          "logging.googleapis.com/spanId",
                          "logging.googleapis.com/trace",
                          "log.level",
                          "lvl",
                          "message",
                          "msg",
                          "otel.scope.name",
                          "otelServiceName",
                          "otelSpanID",
                          "otelTraceID",
                          "scope_name",
                          "service",
                          "service.name",
                          "severity",
                          "severity_number",
                          "severity_text",
                          "severity_text_extracted",
                          "short_message",
                          "span_id",
                          "textPayload",
                          "trace_id",
                          "traceparent",
                          "X-B3-SpanId",
                          "X-B3-TraceId",
                          "formattedMessage",
                          "MessageTemplate",
                          "RenderedMessage",
                          "sentry-trace",
                          "span",
                          "trace",
                          "uber-trace-id",
                          "X-Amzn-Trace-Id",
                          "xray_trace_id"}) {
    EXPECT_NE(RoleOf(key), KeyRole::kNone) << key;
  }
  for (const char* key : {"", "t", "traces", "spans", "parent_span_id", "trace_flags", "levels"}) {
    EXPECT_EQ(RoleOf(key), KeyRole::kNone) << key;
  }
}

TEST(KeyRolesTest, SaysTheSameWhenItRemembersAKey) {
  OwnKeys own;
  own.trace_id = {"correlation.id", "an.own.key.that.is.longer.than.any.that.is.remembered"};
  KeyRoles roles(own);
  std::vector<std::string> keys = {
      "", "x", "trace_id", "traceId", "span_id", "Correlation_Id", own.trace_id[1]};
  // Many more than are remembered, so that they drive each other out.
  for (int i = 0; i < 600; ++i) keys.push_back("key_" + std::to_string(i * 7919));
  for (int round = 0; round < 2; ++round) {
    for (const std::string& key : keys) EXPECT_EQ(roles.Of(key), RoleOf(key, own)) << key;
    for (const char* key : {"trace_id", "span_id", "Correlation_Id"})
      EXPECT_NE(roles.Of(key), KeyRole::kNone) << key;
  }
}

TEST(KeyRolesTest, RemembersAKeyWhoseBytesAreGone) {
  const OwnKeys own;
  KeyRoles roles(own);
  std::string key = "trace_id";
  EXPECT_EQ(roles.Of(key), KeyRole::kTraceId);
  key = "trace_ix";
  EXPECT_EQ(roles.Of(key), KeyRole::kNone);
  EXPECT_EQ(roles.Of("trace_id"), KeyRole::kTraceId);
}

TEST(IdsTest, ReadsWrappedTraceIds) {
  EXPECT_EQ(TraceIdInField("1-5759e988-bd862e3fe1be46a994272793"),
            *ParseTraceId("5759e988bd862e3fe1be46a994272793"));
  EXPECT_EQ(TraceIdInField(" 0xAB "), *ParseTraceId("ab"));
  for (const char* text :
       {"", "0", "xyz", "projects/p/traces/", "4bf92f3577b34da6a3ce929d0e0e47360"}) {
    EXPECT_TRUE(TraceIdInField(text).empty()) << text;
  }
}

// The first took minutes, the second filled the memory.
TEST(RecordLayoutTest, LeavesATemplateOfOpenBracesAsItIs) {
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += "{a";
  Arena arena;
  EXPECT_EQ(RenderTemplate(text, {}, arena), text);
}

TEST(RecordLayoutTest, StopsFillingATemplateThatRepeatsALongValue) {
  const std::string value(100'000, 'v');
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "{A}";
  const Attribute field{"A", Value::String(value)};
  Arena arena;
  const std::string_view filled = RenderTemplate(text, absl::MakeConstSpan(&field, 1), arena);
  EXPECT_TRUE(StartsWith(filled, "vvv"));
  EXPECT_TRUE(EndsWith(filled, "{A}{A}"));
  EXPECT_LT(filled.size(), 2'000'000u);
}

TEST(RecordLayoutTest, DoesNotRepeatALongNameInTheNameOfEachFieldBelow) {
  std::string line = Concat("{\"", std::string(50'000, 'k'), "\":{\"trace_id\":\"x\"");
  for (int i = 0; i < 100; ++i) Append(line, ",\"a", i, "\":1");
  line += "}}";
  Arena arena;
  OwnKeys own;
  KeyRoles roles(own);
  Facts facts;
  const Attributes fields = LineReader(roles, arena).Read(line, {}, facts);
  EXPECT_NE(Find(fields, "a99"), nullptr);
  EXPECT_LT(arena.bytes(), 1'000'000u);
}

TEST(RecordLayoutTest, ANumberThatNoLevelHasIsNone) {
  EXPECT_EQ(Lay(R"({"level":30.0,"message":"m"})")->record.level, Level::kInfo);
  EXPECT_EQ(Lay(R"({"level":1e300,"message":"m"})")->record.level, Level::kUnknown);
  EXPECT_EQ(Lay(R"({"level":-1e300,"message":"m"})")->record.level, Level::kUnknown);
}

}  // namespace
}  // namespace spanlog::stores
