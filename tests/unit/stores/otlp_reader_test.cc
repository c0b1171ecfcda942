#include "stores/otlp/otlp_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "absl/status/statusor.h"
#include "base/utf8.h"
#include "support/cut_body.h"
#include "support/wire_writer.h"

namespace spanlog::stores {
namespace {

using testing::Id;
using testing::KeyValue;
using testing::SpanMessage;
using testing::Text;
using testing::TraceMessage;
using testing::WireWriter;

absl::StatusOr<Trace> Read(const WireWriter& message) {
  // However it is cut.
  for (size_t size = 1; size < message.text().size(); ++size) {
    Trace trace;
    testing::CutBody body(message.text(), size);
    EXPECT_TRUE(ReadTracesData(body, trace).ok()) << size;
  }
  Trace trace;
  if (absl::Status status = ReadTracesData(message.text(), trace); !status.ok()) return status;
  return trace;
}

Value ReadValue(const WireWriter& any_value) {
  WireWriter span = SpanMessage(1, 0, "s", 10, 20);
  span.Message(9, KeyValue("k", any_value));
  static std::vector<Trace> keep;
  absl::StatusOr<Trace> trace = Read(TraceMessage("svc", {span}));
  EXPECT_TRUE(trace.ok()) << trace.status();
  keep.push_back(*std::move(trace));
  return *Find(keep.back().spans[0].attributes, "k");
}

TEST(OtlpReaderTest, ReadsEveryTypeOfValue) {
  EXPECT_EQ(ReadValue(Text("text")).text(), "text");
  EXPECT_EQ(ReadValue(Text("")).type, ValueType::kString);
  EXPECT_EQ(ReadValue(WireWriter()).type, ValueType::kEmpty);
  EXPECT_TRUE(ReadValue(WireWriter().Varint(2, 1)).boolean);
  EXPECT_EQ(ReadValue(WireWriter().Varint(3, static_cast<uint64_t>(-5))).integer, -5);
  EXPECT_EQ(ReadValue(WireWriter().Varint(3, uint64_t{1} << 62)).integer, int64_t{1} << 62);
  EXPECT_EQ(ReadValue(WireWriter().Double(4, 2.5)).real, 2.5);
  EXPECT_TRUE(std::isnan(ReadValue(WireWriter().Double(4, std::nan(""))).real));
  const Value bytes = ReadValue(WireWriter().Bytes(7, std::string("\x00\xff\x10", 3)));
  EXPECT_EQ(bytes.type, ValueType::kBytes);
  EXPECT_EQ(bytes.text(), "AP8Q");
}

TEST(OtlpReaderTest, WritesArraysAndMapsAsJson) {
  WireWriter array;
  array.Message(1, Text("a\"\n")).Message(1, WireWriter().Varint(3, 7)).Message(1, WireWriter());
  array.Message(1, WireWriter().Double(4, std::numeric_limits<double>::infinity()));
  WireWriter map;
  map.Message(1, KeyValue("list", WireWriter().Message(5, array)));
  map.Message(1, KeyValue("yes", WireWriter().Varint(2, 1)));
  const Value value = ReadValue(WireWriter().Message(6, map));
  EXPECT_EQ(value.type, ValueType::kJson);
  EXPECT_EQ(value.text(), R"({"list":["a\"\n",7,null,"Infinity"],"yes":true})");
}

TEST(OtlpReaderTest, TakesTheLastMemberOfAOneof) {
  WireWriter value = Text("first");
  value.Varint(3, 9);
  EXPECT_EQ(ReadValue(value).integer, 9);
}

TEST(OtlpReaderTest, EndsNestingThatNoProgramMeans) {
  WireWriter value = Text("deep");
  for (int i = 0; i < 5000; ++i) {
    WireWriter array;
    array.Message(1, value);
    value = WireWriter().Message(5, array);
  }
  const Value read = ReadValue(value);
  EXPECT_EQ(read.type, ValueType::kJson);
  EXPECT_LT(read.text().size(), 300u);
}

TEST(OtlpReaderTest, MakesTextsValidWhereACharacterWasCut) {
  WireWriter span = SpanMessage(1, 0, "na\xC3", 10, 20);
  span.Message(9, KeyValue("k\xFF", Text("\xE4\xBD")));
  const absl::StatusOr<Trace> trace = Read(TraceMessage("s\xE4", {span}));
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->spans[0].name, "na\xEF\xBF\xBD");
  EXPECT_TRUE(IsValidUtf8(trace->spans[0].attributes[0].key));
  EXPECT_TRUE(IsValidUtf8(trace->spans[0].attributes[0].value.text()));
  EXPECT_TRUE(IsValidUtf8(trace->resources[0].service_name));
}

TEST(OtlpReaderTest, ReadsSpansWithoutResourceScopeStatusAndAttributes) {
  const WireWriter bare = WireWriter().Message(
      1, WireWriter().Message(2, WireWriter().Message(2, SpanMessage(7, 0, "bare", 10, 20))));
  const absl::StatusOr<Trace> trace = Read(bare);
  ASSERT_TRUE(trace.ok());
  ASSERT_EQ(trace->spans.size(), 1u);
  EXPECT_EQ(trace->resource_of(trace->spans[0]).service_name, "");
  EXPECT_EQ(trace->scope_of(trace->spans[0]).name, "");
  EXPECT_EQ(trace->spans[0].status, StatusCode::kUnset);
}

TEST(OtlpReaderTest, FindsTheResourceBehindItsSpans) {
  WireWriter resource;
  resource.Message(1, KeyValue("service.name", Text("late")));
  const WireWriter message = WireWriter().Message(
      1, WireWriter()
             .Message(2, WireWriter().Message(2, SpanMessage(7, 0, "s", 10, 20)))
             .Message(1, resource));
  const absl::StatusOr<Trace> trace = Read(message);
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->resource_of(trace->spans[0]).service_name, "late");
}

TEST(OtlpReaderTest, KeepsOneCopyOfARepeatedResource) {
  WireWriter message = TraceMessage("svc", {SpanMessage(1, 0, "a", 10, 20)});
  const std::string twice =
      message.text() + TraceMessage("svc", {SpanMessage(2, 1, "b", 11, 12)}).text();
  Trace trace;
  ASSERT_TRUE(ReadTracesData(twice, trace).ok());
  EXPECT_EQ(trace.spans.size(), 2u);
  EXPECT_EQ(trace.resources.size(), 1u);
  EXPECT_EQ(trace.scopes.size(), 1u);
}

TEST(OtlpReaderTest, SkipsFieldsItDoesNotKnow) {
  WireWriter span = SpanMessage(1, 0, "s", 10, 20);
  span.Varint(99, 5).Bytes(98, "x").Fixed64(97, 1).Varint(5, 3);  // 5 is the name, not a number
  const absl::StatusOr<Trace> trace = Read(TraceMessage("svc", {span}));
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->spans[0].name, "s");
}

TEST(OtlpReaderTest, FallsBackForUnknownEnumsAndTimes) {
  WireWriter span = SpanMessage(1, 0, "s", ~uint64_t{0}, 20);
  span.Varint(6, 42).Message(15, WireWriter().Varint(3, 9).Bytes(2, "why"));
  const absl::StatusOr<Trace> trace = Read(TraceMessage("svc", {span}));
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->spans[0].kind, SpanKind::kUnspecified);
  EXPECT_EQ(trace->spans[0].status, StatusCode::kUnset);
  EXPECT_EQ(trace->spans[0].status_message, "why");
  EXPECT_EQ(trace->spans[0].start_ns, 0);
}

TEST(OtlpReaderTest, ReadsEventsAndLinks) {
  WireWriter event;
  event.Fixed64(1, 15).Bytes(2, "ev").Message(3, KeyValue("a", Text("b")));
  WireWriter link;
  link.Bytes(1, Id(1) + Id(2))
      .Bytes(2, Id(3))
      .Bytes(3, "st=1")
      .Message(4, KeyValue("c", Text("d")));
  WireWriter span = SpanMessage(1, 9, "s", 10, 20);
  span.Message(11, event).Message(13, link).Message(9, KeyValue("own", Text("v")));
  const absl::StatusOr<Trace> trace = Read(TraceMessage("svc", {span}));
  ASSERT_TRUE(trace.ok());
  const Span& read = trace->spans[0];
  EXPECT_EQ(read.parent_span_id, 9u);
  ASSERT_EQ(read.events.size(), 1u);
  EXPECT_EQ(read.events[0].name, "ev");
  EXPECT_EQ(read.events[0].time_ns, 15);
  EXPECT_EQ(FindText(read.events[0].attributes, "a"), "b");
  ASSERT_EQ(read.links.size(), 1u);
  EXPECT_EQ(read.links[0].trace_id, (TraceId{1, 2}));
  EXPECT_EQ(read.links[0].span_id, 3u);
  EXPECT_EQ(FindText(read.links[0].attributes, "c"), "d");
  EXPECT_EQ(FindText(read.attributes, "own"), "v");
  EXPECT_EQ(read.attributes.size(), 1u);
}

TEST(OtlpReaderTest, SaysSoWhenTheBodyWasCutAnywhere) {
  WireWriter span = SpanMessage(1, 0, "name", 10, 20);
  span.Message(9, KeyValue("key", Text("value")));
  const std::string whole = TraceMessage("svc", {span}).text();
  for (size_t size = 1; size < whole.size(); ++size) {
    Trace trace;
    const absl::Status status = ReadTracesData(whole.substr(0, size), trace);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << size;
  }
}

TEST(OtlpReaderTest, ReadsTheSameWhereverTheBodyIsCut) {
  WireWriter answer;
  WireWriter first = SpanMessage(1, 0, "a", 10, 20), second = SpanMessage(2, 1, "b", 11, 12);
  first.Message(9, KeyValue("key", Text(std::string(300, 'v'))));
  answer.Message(1, TraceMessage("svc", {first, second})).Bytes(77, std::string(500, 'x'));
  answer.Message(1, TraceMessage("other", {SpanMessage(3, 2, "c", 13, 14)}))
      .Varint(3, 1)
      .Bytes(4, "too big");
  for (size_t size = 1; size <= answer.text().size(); ++size) {
    Trace trace;
    testing::CutBody body(answer.text(), size);
    ASSERT_TRUE(ReadTraceByIdResponse(body, trace).ok()) << size;
    ASSERT_EQ(trace.spans.size(), 3u);
    EXPECT_EQ(FindText(trace.spans[0].attributes, "key"), std::string(300, 'v'));
    EXPECT_EQ(trace.spans[1].name, "b");
    EXPECT_EQ(trace.resource_of(trace.spans[2]).service_name, "other");
    EXPECT_EQ(trace.partial_message, "too big");
  }
}

TEST(OtlpReaderTest, ABodyWhoseRestFailedToComeIsThatFailure) {
  const std::string whole = TraceMessage("svc", {SpanMessage(1, 0, "s", 10, 20)}).text();
  for (const std::string& came : {whole, whole.substr(0, whole.size() / 2)}) {
    Trace trace;
    testing::CutBody body(came, 10, absl::UnavailableError("reset"));
    EXPECT_EQ(ReadTracesData(body, trace), absl::UnavailableError("reset"));
  }
}

TEST(OtlpReaderTest, AFailureToComeSaysMoreThanBytesThatAreNoProtobuf) {
  Trace trace;
  testing::CutBody body(std::string(500, '\xFF'), 10, absl::ResourceExhaustedError("too large"));
  EXPECT_EQ(ReadTracesData(body, trace), absl::ResourceExhaustedError("too large"));
}

TEST(OtlpReaderTest, RefusesWhatIsNoProtobuf) {
  for (const std::string body : {"<html>", "404 page not found", "{\"a\":1}", "\x0b", "\x07\xff"}) {
    Trace trace;
    EXPECT_FALSE(ReadTraceByIdResponse(body, trace).ok()) << body;
  }
}

TEST(OtlpReaderTest, RefusesALengthThatNoBodyCanHave) {
  const std::string head = "\x0a";
  // From 2^64-1 downwards: a length, counted from where it ends, that would wrap around or end at
  // the top.
  for (uint64_t length = ~uint64_t{0}; length > ~uint64_t{0} - 40; --length) {
    std::string body = head;
    for (uint64_t rest = length; rest != 0; rest >>= 7) {
      body.push_back(static_cast<char>(rest >= 0x80 ? rest | 0x80 : rest));
    }
    body += TraceMessage("svc", {SpanMessage(1, 0, "s", 10, 20)}).text();
    for (const bool v2 : {false, true}) {
      Trace trace;
      const absl::Status status =
          v2 ? ReadTraceByIdResponse(body, trace) : ReadTracesData(body, trace);
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << length;
      EXPECT_TRUE(trace.spans.empty());
    }
  }
}

TEST(OtlpReaderTest, RefusesABodyThatWouldFillTheMemory) {
  const auto repeated = [](uint32_t field, size_t times) {
    std::string out;
    for (size_t i = 0; i < times; ++i) out += WireWriter().Bytes(field, "").text();
    return out;
  };
  const std::string spans = repeated(2, 1'000'000);
  WireWriter of_attributes, of_events, of_links, of_resource;
  of_attributes.Bytes(2, repeated(9, 1'200'000));
  of_events.Bytes(2, repeated(11, 1'200'000));
  of_links.Bytes(2, repeated(13, 1'200'000));
  const auto in_trace = [](std::string_view scope_spans) {
    return WireWriter().Message(1, WireWriter().Bytes(2, scope_spans)).text();
  };
  for (const std::string& body :
       {in_trace(spans), in_trace(of_attributes.text()), in_trace(of_events.text()),
        in_trace(of_links.text()),
        WireWriter().Message(1, WireWriter().Bytes(1, repeated(1, 1'200'000))).text()}) {
    Trace trace;
    const absl::Status status = ReadTracesData(body, trace);
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
    EXPECT_TRUE(trace.spans.empty());
  }
}

TEST(OtlpReaderTest, ManySmallSpansAreReadAsLongAsTheyFit) {
  std::string spans;
  for (uint64_t id = 1; id <= 100'000; ++id) {
    spans += WireWriter().Message(2, SpanMessage(id, 0, "", 10, 20)).text();
  }
  Trace trace;
  const std::string body = WireWriter().Message(1, WireWriter().Bytes(2, spans)).text();
  ASSERT_TRUE(ReadTracesData(body, trace).ok());
  EXPECT_EQ(trace.spans.size(), 100'000u);
}

TEST(OtlpReaderTest, TheStoresOwnWordsAreBounded) {
  WireWriter answer;
  answer.Message(1, TraceMessage("svc", {SpanMessage(1, 0, "s", 10, 20)}));
  answer.Varint(3, 1).Bytes(4, std::string(1 << 20, 'x'));
  Trace trace;
  ASSERT_TRUE(ReadTraceByIdResponse(answer.text(), trace).ok());
  EXPECT_EQ(trace.partial_message, std::string(512, 'x'));
}

TEST(OtlpReaderTest, ReadsThePartialStatusOfTempo) {
  WireWriter answer;
  answer.Message(1, TraceMessage("svc", {SpanMessage(1, 0, "s", 10, 20)}));
  answer.Varint(3, 1).Bytes(4, "too big");
  Trace trace;
  ASSERT_TRUE(ReadTraceByIdResponse(answer.text(), trace).ok());
  EXPECT_TRUE(trace.partial);
  EXPECT_EQ(trace.partial_message, "too big");
  EXPECT_EQ(trace.spans.size(), 1u);
}

}  // namespace
}  // namespace spanlog::stores
