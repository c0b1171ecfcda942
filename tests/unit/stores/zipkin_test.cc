#include "stores/zipkin/zipkin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/errors.h"
#include "base/text.h"
#include "stores/zipkin/zipkin_annotations.h"
#include "support/fake_client.h"
#include "support/fixture.h"

namespace spanlog::stores {
namespace {

using testing::Answer;
using testing::ApiFile;
using testing::Asked;
using testing::FakeClient;
using ::testing::HasSubstr;

const TraceId kShort = *ParseTraceId("00000000000000000000000000AB12FF");

class ZipkinTest : public ::testing::Test {
 protected:
  void On(const std::string& path, http::Response response) {
    answers_[path] = std::move(response);
  }
  absl::StatusOr<Trace> FetchSpans(const std::string& spans) {
    On("/api/v2/trace/0000000000ab12ff", Answer(200, "[" + spans + "]"));
    return zipkin_.FetchTrace(kShort, {});
  }

  std::map<std::string, http::Response> answers_;
  std::shared_ptr<FakeClient> client_ = std::make_shared<FakeClient>([this](const Asked& asked) {
    const auto found = answers_.find(asked.path);
    return found == answers_.end() ? Answer(404, "x not found", "text/plain") : found->second;
  });
  Zipkin zipkin_{"http://zipkin:9411", client_};
};

TEST_F(ZipkinTest, AsksForAShortIdWithSixteenDigits) {
  ASSERT_TRUE(FetchSpans(R"({"id":"1","timestamp":5})").ok());
  ASSERT_EQ(client_->asked.size(), 1u);
  EXPECT_EQ(client_->asked[0].path, "/api/v2/trace/0000000000ab12ff");
}

TEST_F(ZipkinTest, JoinsTheSpansThatAReporterFiledUnderTheLowHalf) {
  const testing::Case recorded = testing::LoadCase("zipkin-shared");
  const std::string id = recorded.trace_id().Hex();
  On("/api/v2/trace/" + id, Answer(200, recorded.File("zipkin.json")));
  On("/api/v2/trace/" + recorded.trace_id().LowHex(),
     Answer(200, ApiFile("zipkin_64bit_lookup_of_128.json")));
  const auto trace = zipkin_.FetchTrace(recorded.trace_id(), {});
  ASSERT_TRUE(trace.ok()) << trace.status();
  std::map<std::string_view, const Span*> by_name;
  for (const Span& span : trace->spans) by_name[span.name] = &span;
  // Root in two pieces, client and server half of one id, one without time, one of a 64-bit
  // reporter.
  EXPECT_EQ(trace->spans.size(), 5u);
  const Span *root = by_name["get /"], *no_timing = by_name["no timing"];
  ASSERT_TRUE(root != nullptr && no_timing != nullptr);
  EXPECT_EQ(FindText(root->attributes, "late"), "tag");
  EXPECT_EQ(FindText(root->attributes, "http.path"), "/");
  const Span *client = nullptr, *server = nullptr;
  for (const Span& span : trace->spans) {
    if (span.name == "get /back" && span.kind == SpanKind::kClient) client = &span;
    if (span.name == "get /back" && span.kind == SpanKind::kServer) server = &span;
  }
  ASSERT_TRUE(client != nullptr && server != nullptr);
  EXPECT_EQ(SpanIdHex(client->span_id), "6a1a903d63810a52");
  EXPECT_EQ(server->parent_span_id, client->span_id);
  EXPECT_EQ(server->status, StatusCode::kError);
  EXPECT_EQ(server->status_message, "500 boom <x>");
  ASSERT_EQ(server->events.size(), 2u);
  EXPECT_EQ(server->events[0].name, "cache miss");
  EXPECT_EQ(FindText(server->events[1].attributes, "exception.message"), "boom");
  EXPECT_EQ(no_timing->parent_span_id, server->span_id) << "its service is the server's";
  EXPECT_EQ(no_timing->start_ns, server->start_ns);
  EXPECT_EQ(trace->resource_of(*server).service_name, "zk-back");
}

TEST_F(ZipkinTest, TakesTheSameSpansAskedForTwiceOnce) {
  const testing::Case recorded = testing::LoadCase("zipkin-shared");
  const std::string body = recorded.File("zipkin_nonstrict.json");
  On("/api/v2/trace/" + recorded.trace_id().Hex(), Answer(200, body));
  On("/api/v2/trace/" + recorded.trace_id().LowHex(), Answer(200, body));
  const auto trace = zipkin_.FetchTrace(recorded.trace_id(), {});
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->spans.size(), 5u);
  for (const Span& span : trace->spans) EXPECT_LE(span.events.size(), 2u);
}

TEST_F(ZipkinTest, MergesPiecesOnlyOfTheSameHalf) {
  const auto trace = FetchSpans(R"(
    {"id":"1","timestamp":5,"duration":10,"localEndpoint":{"serviceName":"a"}},
    {"id":"1","tags":{"k":"v"},"localEndpoint":{"serviceName":"a"}},
    {"id":"1","shared":true,"timestamp":6,"localEndpoint":{"serviceName":"b"}},
    {"id":"1","shared":true,"duration":3,"localEndpoint":{"serviceName":"b"}},
    {"id":"2","parentId":"1","timestamp":7,"localEndpoint":{"serviceName":"b"}})");
  ASSERT_TRUE(trace.ok());
  ASSERT_EQ(trace->spans.size(), 3u);
  EXPECT_EQ(FindText(trace->spans[0].attributes, "k"), "v");
  EXPECT_EQ(trace->spans[0].end_ns, 15000);
  EXPECT_EQ(trace->spans[1].parent_span_id, 1u);
  EXPECT_EQ(trace->spans[1].end_ns, 9000);
  EXPECT_EQ(trace->spans[2].parent_span_id, trace->spans[1].span_id);
}

TEST_F(ZipkinTest, TakesAnErrorTagForAnErrorWhateverItSays) {
  const auto trace = FetchSpans(R"(
    {"id":"1","timestamp":5,"tags":{"error":""}},{"id":"2","timestamp":5,"tags":{"error":"false"}},
    {"id":"3","timestamp":5,"tags":{"otel.status_code":"STATUS_CODE_ERROR","error":"true","otel.status_description":"why"}},
    {"id":"4","timestamp":5,"tags":{"otel.status_code":"Ok"}},{"id":"5","timestamp":5})");
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->spans[0].status, StatusCode::kError);
  EXPECT_EQ(trace->spans[1].status, StatusCode::kError);
  EXPECT_EQ(trace->spans[1].status_message, "false");
  EXPECT_EQ(trace->spans[2].status_message, "why");
  EXPECT_EQ(trace->spans[3].status, StatusCode::kOk);
  EXPECT_EQ(trace->spans[4].status, StatusCode::kUnset);
}

TEST_F(ZipkinTest, SeparatesResourceFromSpanOfAnOpenTelemetryExporter) {
  const auto trace = FetchSpans(
      R"({"id":"1","timestamp":5,"localEndpoint":{"serviceName":"a","ipv4":"192.0.2.1","port":80},
          "remoteEndpoint":{"serviceName":"db","ipv6":"::1","port":5432},
          "tags":{"otel.scope.name":"lib","service.version":"1","host.name":"h","http.method":"GET"}},
         {"id":"2","timestamp":5,"tags":{"host.name":"mine"}})");
  ASSERT_TRUE(trace.ok());
  const Span& span = trace->spans[0];
  EXPECT_EQ(trace->scope_of(span).name, "lib");
  EXPECT_EQ(FindText(trace->resource_of(span).attributes, "host.name"), "h");
  EXPECT_EQ(FindText(trace->resource_of(span).attributes, "net.host.ip"), "192.0.2.1");
  EXPECT_EQ(FindText(span.attributes, "peer.service"), "db");
  EXPECT_EQ(FindText(span.attributes, "net.peer.ip"), "::1");
  EXPECT_EQ(FindText(span.attributes, "http.method"), "GET");
  EXPECT_EQ(Find(span.attributes, "host.name"), nullptr);
  EXPECT_EQ(FindText(trace->spans[1].attributes, "host.name"), "mine")
      << "no exporter wrote this one";
}

TEST_F(ZipkinTest, ReadsAnnotationsOfBothExporters) {
  Arena arena;
  EXPECT_EQ(ReadZipkinAnnotation("cache miss", arena).name, "cache miss");
  const SpanEvent sdk = ReadZipkinAnnotation(R"({"ev":{"a":"b|c","n":1}})", arena);
  EXPECT_EQ(sdk.name, "ev");
  EXPECT_EQ(FindText(sdk.attributes, "a"), "b|c");
  EXPECT_EQ(Find(sdk.attributes, "n")->integer, 1);
  const SpanEvent collector = ReadZipkinAnnotation(R"(ev|{"a":"b|c"}|0)", arena);
  EXPECT_EQ(collector.name, "ev");
  EXPECT_EQ(FindText(collector.attributes, "a"), "b|c");
  for (const char* plain : {"a|b|c", "a|{broken|0", "{\"a\":1}", "{\"a\":{},\"b\":{}}", "{", "|"}) {
    EXPECT_EQ(ReadZipkinAnnotation(plain, arena).name, plain);
  }
}

TEST_F(ZipkinTest, ReadsLinksOfTheCollector) {
  const auto trace = FetchSpans(
      R"({"id":"1","timestamp":5,"tags":{"otlp.link.0":"0102030405060708090a0b0c0d0e0f10|00000000000000ab|st=1|{\"k\":\"v|w\"}|0",
          "otlp.link.1":"nonsense"}})");
  ASSERT_TRUE(trace.ok());
  ASSERT_EQ(trace->spans[0].links.size(), 1u);
  const SpanLink& link = trace->spans[0].links[0];
  EXPECT_EQ(link.span_id, 0xABu);
  EXPECT_EQ(link.trace_state, "st=1");
  EXPECT_EQ(FindText(link.attributes, "k"), "v|w");
}

TEST_F(ZipkinTest, ReadsBarsInNamesAndTraceStatesAndKeepsLinksInTheirOrder) {
  Arena arena;
  const SpanEvent event = ReadZipkinAnnotation(R"(a|b|{"k":"v"}|0)", arena);
  EXPECT_EQ(event.name, "a|b");
  EXPECT_EQ(FindText(event.attributes, "k"), "v");
  std::string tags;
  for (int i = 0; i < 12; ++i) {
    const std::string number = std::to_string(i);
    tags += R"("otlp.link.)" + number + R"(":"0102030405060708090a0b0c0d0e0f10|0000000000000)" +
            std::to_string(100 + i) + R"(|a=x|y|{}|0",)";
  }
  const auto trace = FetchSpans(R"({"id":"1","timestamp":5,"tags":{)" + tags + R"("z":""}})");
  ASSERT_TRUE(trace.ok()) << trace.status();
  ASSERT_EQ(trace->spans[0].links.size(), 12u);
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(SpanIdHex(trace->spans[0].links[static_cast<size_t>(i)].span_id).substr(13),
              std::to_string(100 + i));
  }
  EXPECT_EQ(trace->spans[0].links[0].trace_state, "a=x|y");
}

TEST_F(ZipkinTest, KnowsAServiceThatTheCollectorNamedAfterAnotherAttribute) {
  const auto trace = FetchSpans(
      R"({"id":"1","timestamp":5,"localEndpoint":{"serviceName":"my-fn"},
          "tags":{"otlp.service.name.source":"faas.name","otel.status_code":"Ok"}})");
  ASSERT_TRUE(trace.ok());
  const Resource& resource = trace->resource_of(trace->spans[0]);
  EXPECT_EQ(resource.service_name, "my-fn");
  EXPECT_EQ(FindText(resource.attributes, "faas.name"), "my-fn");
  EXPECT_EQ(Find(resource.attributes, "service.name"), nullptr)
      << "its records are under unknown_service";
}

TEST_F(ZipkinTest, KnowsNotFoundAndErrors) {
  EXPECT_EQ(zipkin_.FetchTrace(kShort, {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(FetchSpans("").status().code(), absl::StatusCode::kNotFound);
  On("/api/v2/trace/0000000000ab12ff", Answer(400, ApiFile("zipkin_bad_id_400.txt"), "text/plain"));
  EXPECT_THAT(std::string(zipkin_.FetchTrace(kShort, {}).status().message()),
              HasSubstr("lower-hex"));
  On("/api/v2/trace/0000000000ab12ff", Answer(404, "404 page not found", "text/plain"));
  EXPECT_NE(zipkin_.FetchTrace(kShort, {}).status().code(), absl::StatusCode::kNotFound);
  On("/api/v2/trace/0000000000ab12ff", Answer(200, "[{\"id\":"));
  EXPECT_EQ(zipkin_.FetchTrace(kShort, {}).status().code(), absl::StatusCode::kDataLoss);
  On("/api/v2/trace/0000000000ab12ff", Answer(200, "{}"));
  EXPECT_EQ(zipkin_.FetchTrace(kShort, {}).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(ZipkinTest, SurvivesWrongTypes) {
  const auto trace = FetchSpans(
      R"(1,null,{"id":5},{"id":"1","timestamp":"x","tags":[1],"annotations":{},"localEndpoint":3})");
  ASSERT_TRUE(trace.ok());
  for (const Span& span : trace->spans) EXPECT_NE(span.span_id, 0u);
}

TEST_F(ZipkinTest, SearchesByItsOwnParameters) {
  On("/api/v2/traces", Answer(200, ApiFile("zipkin_search.json")));
  const auto found = zipkin_.Search(
      {"service=quiet-svc operation=\"GET /\" http.method=GET error=true minDuration=2ms",
       1'000'000'000'000, 61'000'000'000'000, 2},
      {});
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().root_service, "quiet-svc");
  const Asked& asked = client_->asked[0];
  EXPECT_EQ(asked.params.at("serviceName"), "quiet-svc");
  EXPECT_EQ(asked.params.at("spanName"), "get /");
  EXPECT_EQ(asked.params.at("annotationQuery"), "http.method=GET and error");
  EXPECT_EQ(asked.params.at("minDuration"), "2000");
  EXPECT_EQ(asked.params.at("endTs"), "61000000");
  EXPECT_EQ(asked.params.at("lookback"), "60000000");
}

TEST_F(ZipkinTest, ListsServicesAndSpanNames) {
  On("/api/v2/services", Answer(200, ApiFile("zipkin_services.json")));
  On("/api/v2/spans", Answer(200, ApiFile("zipkin_spans.json")));
  EXPECT_THAT(*zipkin_.Services({}), ::testing::Contains("web"));
  EXPECT_FALSE(zipkin_.Operations("web", {})->empty());
  EXPECT_TRUE(zipkin_.CheckHealth({}).ok());
}

// Took minutes when each tag was compared with all before it.
TEST_F(ZipkinTest, JoinsASpanThatCameInManyPieces) {
  constexpr int kMany = 100'000;
  std::string pieces;
  for (int i = 0; i < kMany; ++i) {
    Append(pieces, i == 0 ? "" : ",", R"({"id":"1","tags":{"k)", i,
           R"(":"v","again":"x"},"annotations":[{"timestamp":)", i / 2 + 1, R"(,"value":"e"}]})");
  }
  const auto trace = FetchSpans(pieces);
  ASSERT_TRUE(trace.ok()) << trace.status();
  ASSERT_EQ(trace->spans.size(), 1u);
  EXPECT_EQ(trace->spans[0].attributes.size(), kMany + 1u);
  EXPECT_EQ(trace->spans[0].events.size(), kMany / 2u);
}

TEST_F(ZipkinTest, KeepsManySpansApartThatHaveOneIdAndServicesOfTheirOwn) {
  constexpr int kMany = 50'000;
  std::string spans;
  for (int i = 0; i < kMany; ++i) {
    Append(spans, i == 0 ? "" : ",", R"({"id":"1","localEndpoint":{"serviceName":"s)", i, R"("}})");
  }
  const auto trace = FetchSpans(spans);
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_EQ(trace->spans.size(), static_cast<size_t>(kMany));
}

TEST_F(ZipkinTest, TakesManyTagsOfTheResourceOnce) {
  constexpr int kMany = 100'000;
  std::string tags = R"("otel.scope.name":"lib")";
  for (int i = 0; i < kMany; ++i) Append(tags, R"(,"k8s.)", i, R"(":"v")");
  const auto trace = FetchSpans(Concat(R"({"id":"1","tags":{)", tags, ",", tags, "}}"));
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_EQ(trace->resources[0].attributes.size(), static_cast<size_t>(kMany));
}

TEST_F(ZipkinTest, TimesThatDoNotFitOverflowNothing) {
  for (const char* times : {R"("timestamp":8999999999999999,"duration":8999999999999999)",
                            R"("timestamp":9223372036854775807,"duration":9223372036854775807)",
                            R"("timestamp":5,"duration":-9223372036854775808)"}) {
    const std::string span = std::string(R"({"traceId":"ab12ff","id":"1",)") + times + "}";
    const auto trace = FetchSpans(span);
    ASSERT_TRUE(trace.ok()) << times;
    EXPECT_GE(trace->spans[0].end_ns, trace->spans[0].start_ns);
    On("/api/v2/traces", Answer(200, "[[" + span + "]]"));
    const auto found = zipkin_.Search({"service=s", 0, 0, 5}, {});
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->size(), 1u);
    EXPECT_GE(found->front().duration_ms, 0);
  }
}

}  // namespace
}  // namespace spanlog::stores
