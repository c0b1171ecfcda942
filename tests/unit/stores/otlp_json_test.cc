#include "stores/otlp/otlp_json.h"

#include <gtest/gtest.h>

#include <cmath>

#include "absl/status/statusor.h"
#include "stores/jaeger/jaeger_reader.h"
#include "stores/zipkin/zipkin_reader.h"

namespace spanlog::stores {
namespace {

absl::StatusOr<Trace> Read(const std::string& body) {
  Trace trace;
  if (absl::Status status = ReadOtlpJson(body, trace); !status.ok()) return status;
  return trace;
}

constexpr char kSpans[] =
    R"([{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"00000000000000AB",
  "parentSpanId":"","name":"op","kind":"SPAN_KIND_CLIENT","startTimeUnixNano":1795252381231000000,
  "endTimeUnixNano":"1795252381231000009","status":{"code":"STATUS_CODE_ERROR","message":"m"},
  "attributes":[{"key":"i","value":{"intValue":"-3"}},{"key":"j","value":{"intValue":4}},
   {"key":"d","value":{"doubleValue":"NaN"}},{"key":"n"},{"key":"b","value":{"bytesValue":"AP8Q"}},
   {"key":"m","value":{"kvlistValue":{"values":[{"key":"x","value":{"arrayValue":{"values":[
     {"stringValue":"y"},{"boolValue":true},{"intValue":"9007199254740993"}]}}},{"key":"z"}]}}}]}])";

std::string Trace1(const std::string& spans) {
  return R"({"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"svc"}}]},
             "scopeSpans":[{"scope":{"name":"sc","version":"1"},"spans":)" +
         spans + "}]}";
}

TEST(OtlpJsonTest, ReadsEveryEnvelope) {
  const std::string one = Trace1(kSpans);
  for (const std::string& body :
       {"{\"resourceSpans\":[" + one + "]}", "{\"batches\":[" + one + "]}",
        "{\"trace\":{\"resourceSpans\":[" + one + "]}}",
        "{\"result\":{\"resourceSpans\":[" + one + "]}}"}) {
    const absl::StatusOr<Trace> trace = Read(body);
    ASSERT_TRUE(trace.ok()) << trace.status();
    ASSERT_EQ(trace->spans.size(), 1u);
    const Span& span = trace->spans[0];
    EXPECT_EQ(span.span_id, 0xABu);
    EXPECT_EQ(span.kind, SpanKind::kClient);
    EXPECT_EQ(span.status, StatusCode::kError);
    EXPECT_EQ(span.start_ns, 1795252381231000000);
    EXPECT_EQ(span.end_ns, 1795252381231000009);
    EXPECT_EQ(trace->resource_of(span).service_name, "svc");
  }
}

TEST(OtlpJsonTest, ReadsValuesInAllSpellings) {
  const absl::StatusOr<Trace> trace = Read("{\"resourceSpans\":[" + Trace1(kSpans) + "]}");
  const Attributes attributes = trace->spans[0].attributes;
  EXPECT_EQ(Find(attributes, "i")->integer, -3);
  EXPECT_EQ(Find(attributes, "j")->integer, 4);
  EXPECT_TRUE(std::isnan(Find(attributes, "d")->real));
  EXPECT_EQ(Find(attributes, "n")->type, ValueType::kEmpty);
  EXPECT_EQ(Find(attributes, "b")->type, ValueType::kBytes);
  EXPECT_EQ(FindText(attributes, "m"), R"({"x":["y",true,9007199254740993],"z":null})");
}

TEST(OtlpJsonTest, TellsHexFromBase64ByLength) {
  const std::string spans =
      R"([{"spanId":"AAAAAAAAAKs=","parentSpanId":"00000000000000ab","name":"a"}])";
  const absl::StatusOr<Trace> trace = Read("{\"batches\":[" + Trace1(spans) + "]}");
  EXPECT_EQ(trace->spans[0].span_id, 0xABu);
  EXPECT_EQ(trace->spans[0].parent_span_id, 0xABu);
}

TEST(OtlpJsonTest, ReadsAStreamOfObjects) {
  const std::string one = "{\"result\":{\"resourceSpans\":[" + Trace1(kSpans) + "]}}";
  const absl::StatusOr<Trace> trace = Read(one + "\n" + one + "\n");
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_EQ(trace->spans.size(), 2u);
}

TEST(OtlpJsonTest, TakesAnEmptyTraceAsNoSpans) {
  for (const char* body : {R"({"trace":{},"metrics":{}})", R"({"resourceSpans":[]})"}) {
    const absl::StatusOr<Trace> trace = Read(body);
    ASSERT_TRUE(trace.ok()) << body;
    EXPECT_TRUE(trace->spans.empty());
  }
}

TEST(OtlpJsonTest, RefusesOtherJson) {
  for (const char* body :
       {"[]", "{}", "{\"data\":[]}", "{\"trace\":", "<html>", "", "{\"resourceSpans\":[]"}) {
    EXPECT_EQ(Read(body).status().code(), absl::StatusCode::kDataLoss) << body;
  }
}

TEST(OtlpJsonTest, KeepsTempoWordsAboutAPartialTrace) {
  const absl::StatusOr<Trace> trace =
      Read(R"({"trace":{"resourceSpans":[]},"status":"PARTIAL","message":"too big"})");
  EXPECT_TRUE(trace->partial);
  EXPECT_EQ(trace->partial_message, "too big");
}

TEST(OtlpJsonTest, SurvivesWrongTypesEverywhere) {
  for (
      const char* body :
      {R"({"resourceSpans":[1,"x",null,{"resource":5,"scopeSpans":[7,{"scope":[],"spans":[3,{}]}]}]})",
       R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[1,{"key":2,"value":3}],"events":[4],
            "links":[5],"status":6,"kind":[],"startTimeUnixNano":"x"}]}]}]})"}) {
    EXPECT_TRUE(Read(body).ok()) << body;
  }
}

// Of every JSON that a trace comes in.
TEST(OtlpJsonTest, ABodyThatWouldFillTheMemoryIsRefused) {
  std::string list = "[{}";
  for (int i = 0; i < 1'000'000; ++i) list += ",{}";
  list += "]";
  std::string with_ids = "[";
  for (int i = 1; i <= 600'000; ++i) with_ids += "{\"id\":\"" + std::to_string(i) + "\"},";
  with_ids.back() = ']';
  Trace otlp, jaeger, zipkin;
  for (const absl::Status& status :
       {ReadOtlpJson("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":" + list + "}]}]}", otlp),
        ReadJaegerJson("{\"data\":[{\"spans\":" + list + "}]}", jaeger),
        ReadZipkinJson({with_ids}, zipkin)}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  }
  EXPECT_TRUE(otlp.spans.empty() && jaeger.spans.empty() && zipkin.spans.empty());
}

}  // namespace
}  // namespace spanlog::stores
