#include "stores/jaeger/jaeger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "base/text.h"
#include "stores/jaeger/jaeger_reader.h"
#include "support/fake_client.h"
#include "support/fixture.h"

namespace spanlog::stores {
namespace {

using testing::Answer;
using testing::ApiFile;
using testing::Asked;
using ::testing::ElementsAre;
using testing::FakeClient;
using ::testing::HasSubstr;

const TraceId kId = *ParseTraceId("AB12");
constexpr char kPath[] = "/jaeger/api/traces/0000000000000000000000000000ab12";
constexpr char kPathV3[] = "/jaeger/api/v3/traces/0000000000000000000000000000ab12";

class JaegerTest : public ::testing::Test {
 protected:
  void On(const std::string& path, http::Response response) {
    answers_[path] = std::move(response);
  }
  absl::StatusOr<Trace> FetchSpans(
      const std::string& spans,
      const std::string& processes = R"("p1":{"serviceName":"svc","tags":[]})") {
    On(kPath, Answer(200, R"({"data":[{"traceID":"ab12","spans":[)" + spans + R"(],"processes":{)" +
                              processes + R"(},"warnings":["w"]}]})"));
    return jaeger_.FetchTrace(kId, {});
  }

  std::map<std::string, http::Response> answers_;
  std::shared_ptr<FakeClient> client_ = std::make_shared<FakeClient>([this](const Asked& asked) {
    const auto found = answers_.find(asked.path);
    return found == answers_.end() ? Answer(404, "404 page not found\n", "text/plain")
                                   : found->second;
  });
  Jaeger jaeger_{"http://j:16686/jaeger", client_};
};

TEST_F(JaegerTest, AsksBothInterfacesForUnadjustedTimes) {
  ASSERT_TRUE(FetchSpans(R"({"spanID":"1","startTime":5,"processID":"p1"})").ok());
  ASSERT_EQ(client_->asked.size(), 2u);
  EXPECT_EQ(client_->asked[0].path, kPathV3);
  EXPECT_EQ(client_->asked[0].params.at("raw_traces"), "true");
  EXPECT_EQ(client_->asked[0].params.at("rawTraces"), "true");
  EXPECT_EQ(client_->asked[1].params.at("raw"), "true");
  ASSERT_TRUE(FetchSpans(R"({"spanID":"1","startTime":5,"processID":"p1"})").ok());
  EXPECT_EQ(client_->asked.size(), 3u) << "the missing interface is remembered";
}

TEST_F(JaegerTest, TakesTheUserInterfacesPageAsAMissingInterface) {
  On(kPathV3, Answer(200, "<!doctype html><title>Jaeger UI</title>", "text/html"));
  EXPECT_TRUE(FetchSpans(R"({"spanID":"1","startTime":5})").ok());
}

TEST_F(JaegerTest, TakesAPageForBothInterfacesForAProxys) {
  const http::Response page = Answer(200, "<!doctype html><title>Sign in</title>", "text/html");
  On(kPathV3, page);
  On(kPath, page);
  absl::Status status = jaeger_.FetchTrace(kId, {}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("login page"));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(UpstreamHttpStatus(status), 200);
  On(kPathV3, Answer(403, "<html>No entry</html>", "text/html"));
  On(kPath, Answer(403, "<html>No entry</html>", "text/html"));
  status = jaeger_.FetchTrace(kId, {}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("credentials"));
  EXPECT_EQ(UpstreamHttpStatus(status), 403);
  On(kPathV3, Answer(404, "<html>Not found</html>", "text/html"));
  On(kPath, Answer(404, "<html>Not found</html>", "text/html"));
  status = jaeger_.FetchTrace(kId, {}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("none of Jaeger's paths"));
  EXPECT_EQ(UpstreamHttpStatus(status), 404);
}

TEST_F(JaegerTest, TakesParentAndLinksFromReferences) {
  const auto trace = FetchSpans(R"(
    {"traceID":"ab12","spanID":"1","startTime":5},
    {"traceID":"ab12","spanID":"2","startTime":5,"references":[
      {"refType":"FOLLOWS_FROM","traceID":"ab12","spanID":"9"},{"refType":"CHILD_OF","traceID":"ff","spanID":"8"},
      {"refType":"CHILD_OF","traceID":"000000000000ab12","spanID":"1"}]},
    {"traceID":"ab12","spanID":"3","startTime":5,"references":[{"refType":"FOLLOWS_FROM","traceID":"ab12","spanID":"1"}]},
    {"traceID":"ab12","spanID":"4","startTime":5,"references":[{"refType":"CHILD_OF","traceID":"ff","spanID":"8"}]})");
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_EQ(trace->spans[1].parent_span_id, 1u);
  EXPECT_EQ(trace->spans[1].links.size(), 2u);
  EXPECT_EQ(trace->spans[2].parent_span_id, 1u);
  EXPECT_EQ(trace->spans[3].parent_span_id, 0u) << "a parent in another trace is a link";
  EXPECT_EQ(trace->spans[3].links.size(), 1u);
}

TEST_F(JaegerTest, ReadsTypedTags) {
  const auto trace = FetchSpans(R"({"spanID":"1","startTime":5,"tags":[
    {"key":"s","type":"string","value":"x"},{"key":"b","type":"bool","value":true},
    {"key":"i","type":"int64","value":3},{"key":"big","type":"int64","value":"9007199254740993"},
    {"key":"f","type":"float64","value":2},{"key":"bin","type":"binary","value":"AP8Q"},
    {"key":"odd"},{"key":"list","type":"string","value":[1]}]})");
  ASSERT_TRUE(trace.ok());
  const Attributes tags = trace->spans[0].attributes;
  EXPECT_EQ(FindText(tags, "s"), "x");
  EXPECT_TRUE(Find(tags, "b")->boolean);
  EXPECT_EQ(Find(tags, "big")->integer, 9007199254740993);
  EXPECT_EQ(Find(tags, "f")->type, ValueType::kDouble);
  EXPECT_EQ(Find(tags, "bin")->type, ValueType::kBytes);
  EXPECT_EQ(Find(tags, "odd")->type, ValueType::kEmpty);
  EXPECT_EQ(FindText(tags, "list"), "[1]");
}

TEST_F(JaegerTest, TakesKindStatusAndScopeOutOfTags) {
  const auto trace = FetchSpans(R"(
    {"spanID":"1","startTime":5,"tags":[{"key":"span.kind","type":"string","value":"server"},
      {"key":"otel.status_code","type":"string","value":"ERROR"},{"key":"error","type":"bool","value":true},
      {"key":"otel.status_description","type":"string","value":"boom"},
      {"key":"otel.library.name","type":"string","value":"lib"},{"key":"w3c.tracestate","type":"string","value":"a=b"}]},
    {"spanID":"2","startTime":5,"tags":[{"key":"error","type":"string","value":"true"}]},
    {"spanID":"3","startTime":5,"tags":[{"key":"error","type":"bool","value":false}]})");
  ASSERT_TRUE(trace.ok());
  const Span& span = trace->spans[0];
  EXPECT_EQ(span.kind, SpanKind::kServer);
  EXPECT_EQ(span.status, StatusCode::kError);
  EXPECT_EQ(span.status_message, "boom");
  EXPECT_EQ(span.trace_state, "a=b");
  EXPECT_EQ(trace->scope_of(span).name, "lib");
  EXPECT_TRUE(span.attributes.empty());
  EXPECT_EQ(trace->spans[1].status, StatusCode::kError);
  EXPECT_EQ(trace->spans[2].status, StatusCode::kUnset);
}

TEST_F(JaegerTest, ReadsLogsAsEventsOfBothExporters) {
  const auto trace = FetchSpans(R"({"spanID":"1","startTime":5,"logs":[
    {"timestamp":7,"fields":[{"key":"event","type":"string","value":"new"},{"key":"message","type":"string","value":"m"}]},
    {"timestamp":8,"fields":[{"key":"message","type":"string","value":"old"}]},{"timestamp":9,"fields":[]}]})");
  const auto& events = trace->spans[0].events;
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].name, "new");
  EXPECT_EQ(events[0].time_ns, 7000);
  EXPECT_EQ(FindText(events[0].attributes, "message"), "m");
  EXPECT_EQ(events[1].name, "old");
  EXPECT_EQ(events[2].name, "");
}

TEST_F(JaegerTest, SurvivesMissingProcessesAndWrongTypes) {
  const auto trace = FetchSpans(
      R"({"spanID":"1","startTime":"x","duration":-4,"processID":"p7","references":5,"tags":{},"logs":[1]},7)",
      "");
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->spans.size(), 2u);
  for (const Span& span : trace->spans) {
    EXPECT_LT(span.resource, trace->resources.size());
    EXPECT_GT(span.start_ns, 0);
  }
  EXPECT_THAT(trace->warnings, ElementsAre("w"));
}

TEST_F(JaegerTest, KnowsNotFoundInAllItsForms) {
  On(kPathV3, Answer(404, ApiFile("jaeger_v3_not_found_404.json"), "text/plain"));
  EXPECT_EQ(jaeger_.FetchTrace(kId, {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(client_->asked.size(), 1u);
  answers_.clear();
  for (const std::string& body : {ApiFile("jaeger_not_found_404.json")}) {
    On(kPath, Answer(404, body, "text/plain"));
    EXPECT_EQ(jaeger_.FetchTrace(kId, {}).status().code(), absl::StatusCode::kNotFound);
  }
  for (const char* body :
       {R"({"data":null})", R"({"data":[]})", R"({"data":[{"traceID":"ab12","spans":[]}]})"}) {
    On(kPath, Answer(200, body));
    EXPECT_EQ(jaeger_.FetchTrace(kId, {}).status().code(), absl::StatusCode::kNotFound) << body;
  }
}

TEST_F(JaegerTest, KeepsJaegersWordsInErrors) {
  On(kPath, Answer(500, ApiFile("jaeger_nan_500.json"), "text/plain"));
  const absl::Status status = jaeger_.FetchTrace(kId, {}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("unsupported value: -Inf"));
  EXPECT_EQ(UpstreamHttpStatus(status), 500);
  On(kPath, Answer(200, "{\"data\":["));
  EXPECT_EQ(jaeger_.FetchTrace(kId, {}).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(JaegerTest, AsksTheOtherInterfaceWhenOneFails) {
  On(kPathV3, Answer(500, R"({"error":{"httpCode":500,"message":"v3 is broken"}})", "text/plain"));
  ASSERT_TRUE(FetchSpans(R"({"spanID":"1","startTime":5,"processID":"p1"})").ok());
  On(kPath, Answer(500, "v1 as well", "text/plain"));
  EXPECT_THAT(std::string(jaeger_.FetchTrace(kId, {}).status().message()),
              HasSubstr("v3 is broken"));
}

TEST_F(JaegerTest, TakesVictoriaTracesWordsForAMissingInterface) {
  On(kPathV3, Answer(400, "unsupported path requested: /api/v3/traces/x", "text/plain"));
  EXPECT_TRUE(FetchSpans(R"({"spanID":"1","startTime":5})").ok());
}

TEST_F(JaegerTest, ShowsWhatJaegerCouldNotReadBesideTheTrace) {
  On(kPath,
     Answer(200,
            R"({"data":[{"traceID":"ab12","spans":[{"spanID":"1","startTime":5}],"processes":{}}],
                           "errors":[{"code":500,"msg":"one block is gone"}]})"));
  EXPECT_THAT(jaeger_.FetchTrace(kId, {})->warnings, ElementsAre("Jaeger: one block is gone"));
}

TEST_F(JaegerTest, ReadsTheStatusNumberOfEarlyExporters) {
  const auto trace = FetchSpans(
      R"({"spanID":"1","startTime":5,"tags":[{"key":"otel.status_code","type":"int64","value":2}]},
                                   {"spanID":"2","startTime":5,"tags":[{"key":"otel.status_code","type":"int64","value":1}]})");
  EXPECT_EQ(trace->spans[0].status, StatusCode::kError);
  EXPECT_EQ(trace->spans[1].status, StatusCode::kOk);
}

TEST_F(JaegerTest, SaysThatTheUrlIsWrong) {
  const absl::Status status = jaeger_.FetchTrace(kId, {}).status();
  EXPECT_NE(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("URL"));
  EXPECT_FALSE(jaeger_.CheckHealth({}).ok());
}

TEST_F(JaegerTest, ListsServicesAndOperationsOfBothInterfaces) {
  On("/jaeger/api/v3/services", Answer(200, ApiFile("jaeger_v3_services.json")));
  On("/jaeger/api/v3/operations", Answer(200, ApiFile("jaeger_v3_operations.json")));
  EXPECT_THAT(*jaeger_.Services({}), ::testing::Contains("web"));
  EXPECT_THAT(*jaeger_.Operations("web", {}), ::testing::Contains("GET /checkout"));
  EXPECT_TRUE(jaeger_.CheckHealth({}).ok());
  answers_.clear();
  On("/jaeger/api/services", Answer(200, ApiFile("jaeger_services.json")));
  On("/jaeger/api/operations", Answer(200, ApiFile("jaeger_operations_v2.json")));
  EXPECT_THAT(*jaeger_.Services({}), ::testing::Contains("shop-web"));
  EXPECT_THAT(*jaeger_.Operations("web", {}), ::testing::Contains("GET /checkout"));
}

TEST_F(JaegerTest, SearchesBothInterfaces) {
  On("/jaeger/api/traces", Answer(200, ApiFile("jaeger_search.json")));
  const auto v1 =
      jaeger_.Search({"service=quiet-svc http.method=GET", 1'000'000'000, 2'000'000'000, 5}, {});
  ASSERT_TRUE(v1.ok()) << v1.status();
  ASSERT_EQ(v1->size(), 1u);
  EXPECT_EQ(v1->front().root_name, "GET /");
  EXPECT_EQ(v1->front().root_service, "quiet-svc");
  EXPECT_EQ(v1->front().duration_ms, 50);
  const Asked& asked = client_->asked.back();
  EXPECT_EQ(asked.params.at("service"), "quiet-svc");
  EXPECT_EQ(asked.params.at("start"), "1000000");
  EXPECT_EQ(asked.params.at("tags"), R"({"http.method":"GET"})");
  EXPECT_EQ(client_->asked[0].params.at("query.start_time_min"), "1970-01-01T00:00:01.000000000Z");

  Jaeger newer("http://j:16686/jaeger", client_);
  On("/jaeger/api/v3/traces", Answer(200, testing::LoadCase("g1-happy").File("jaeger_v3.json")));
  const auto v3 = newer.Search({"service=travel-agent", 0, 0, 5}, {});
  ASSERT_TRUE(v3.ok()) << v3.status();
  ASSERT_EQ(v3->size(), 1u);
  EXPECT_EQ(v3->front().root_service, "travel-agent");
  ASSERT_EQ(v3->front().spans.size(), 5u) << "all of them are an agent's";
  EXPECT_THAT(v3->front().spans[1].attributes,
              ::testing::Contains(::testing::Key("gen_ai.usage.input_tokens")));
}

TEST_F(JaegerTest, AsksForAServiceToSearchIn) {
  EXPECT_THAT(std::string(jaeger_.Search({"http.method=GET", 0, 0, 5}, {}).status().message()),
              HasSubstr("service="));
  EXPECT_TRUE(client_->asked.empty());
}

// Took minutes when each span looked through all scopes.
TEST_F(JaegerTest, ReadsManyScopes) {
  constexpr int kMany = 50'000;
  std::string spans;
  for (int i = 0; i < kMany; ++i) {
    Append(spans, i == 0 ? "" : ",", R"({"spanID":")", i + 1,
           R"(","tags":[{"key":"otel.scope.name","value":"s)", i / 2, R"("},)",
           R"({"key":"otel.scope.version","value":")", i % 2, R"("}]})");
  }
  Trace trace;
  ASSERT_TRUE(ReadJaegerJson(Concat(R"({"data":[{"spans":[)", spans, "]}]}"), trace).ok());
  ASSERT_EQ(trace.scopes.size(), static_cast<size_t>(kMany));
  EXPECT_EQ(trace.scope_of(trace.spans[7]).name, "s3");
  EXPECT_EQ(trace.scope_of(trace.spans[7]).version, "1");
}

TEST_F(JaegerTest, TimesThatDoNotFitOverflowNothing) {
  for (const char* times : {R"("startTime":8999999999999999,"duration":8999999999999999)",
                            R"("startTime":9223372036854775807,"duration":9223372036854775807)",
                            R"("startTime":5,"duration":-9223372036854775808)"}) {
    const std::string span = std::string(R"({"spanID":"1","processID":"p1",)") + times + "}";
    const auto trace = FetchSpans(span);
    ASSERT_TRUE(trace.ok()) << times;
    EXPECT_GE(trace->spans[0].end_ns, trace->spans[0].start_ns);
    On("/jaeger/api/traces", Answer(200, R"({"data":[{"traceID":"ab12","spans":[)" + span +
                                             R"(],"processes":{"p1":{"serviceName":"s"}}}]})"));
    const auto found = jaeger_.Search({"service=s", 0, 0, 5}, {});
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->size(), 1u);
    EXPECT_GE(found->front().duration_ms, 0);
  }
}

}  // namespace
}  // namespace spanlog::stores
