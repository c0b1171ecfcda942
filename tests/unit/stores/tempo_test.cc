#include "stores/tempo/tempo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "base/text.h"
#include "stores/tempo/shared_ids.h"
#include "support/fake_client.h"
#include "support/fixture.h"
#include "support/wire_writer.h"

namespace spanlog::stores {
namespace {

using testing::Answer;
using testing::ApiFile;
using testing::Asked;
using testing::FakeClient;
using ::testing::HasSubstr;
using testing::SpanMessage;
using testing::TraceMessage;
using testing::WireWriter;

const TraceId kId = *ParseTraceId("AB12");

class TempoTest : public ::testing::Test {
 protected:
  // Answers by path; other paths are unknown to the router.
  void On(const std::string& path, http::Response response) {
    answers_[path] = std::move(response);
  }

  std::shared_ptr<FakeClient> client_ = std::make_shared<FakeClient>([this](const Asked& asked) {
    const auto found = answers_.find(asked.path);
    return found == answers_.end()
               ? Answer(404, "404 page not found\n", "text/plain; charset=utf-8")
               : found->second;
  });
  std::map<std::string, http::Response> answers_;
  Tempo tempo_{"http://tempo:3200/base/", client_};
  const std::string v2_ = "/base/api/v2/traces/0000000000000000000000000000ab12";
  const std::string v1_ = "/base/api/traces/0000000000000000000000000000ab12";
};

std::string V2Body() {
  return WireWriter().Message(1, TraceMessage("svc", {SpanMessage(1, 0, "s", 10, 20)})).text();
}
std::string V1Body() { return TraceMessage("svc", {SpanMessage(1, 0, "s", 10, 20)}).text(); }

TEST_F(TempoTest, ReadsJsonHoweverItsTypeIsSpelled) {
  On(v2_,
     Answer(200,
            R"({"trace":{"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"0000000000000001",
                          "startTimeUnixNano":"10","endTimeUnixNano":"20","name":"s"}]}]}]}})",
            "Application/JSON; charset=UTF-8"));
  const auto trace = tempo_.FetchTrace(kId, {});
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_EQ(trace->spans.size(), 1u);
}

TEST_F(TempoTest, ReadsNothingForACallerWhoHasLeft) {
  RequestContext context;
  context.cancellation->Cancel();
  const std::string large =
      TraceMessage("svc", {SpanMessage(1, 0, std::string(500, 's'), 10, 20)}).text();
  for (const std::string& body : {V2Body(), WireWriter().Bytes(1, large).text()}) {
    On(v2_, Answer(200, body, "application/protobuf"));
    EXPECT_EQ(tempo_.FetchTrace(kId, context).status().code(), absl::StatusCode::kCancelled);
  }
}

TEST_F(TempoTest, AsksForProtobufOfTheWholeTrace) {
  On(v2_, Answer(200, V2Body(), "application/protobuf"));
  RequestContext context;
  context.forwarded_headers = {{"X-Scope-OrgID", "team"}};
  context.deadline_ms = 5000;
  ASSERT_TRUE(tempo_.FetchTrace(kId, context).ok());
  ASSERT_EQ(client_->asked.size(), 1u);
  const Asked& asked = client_->asked[0];
  EXPECT_EQ(asked.Header("Accept"), "application/protobuf");
  EXPECT_EQ(asked.Header("X-Scope-OrgID"), "team");
  EXPECT_EQ(asked.params.at("span_pruning"), "false");
  EXPECT_FALSE(asked.params.contains("start")) << "a range would hide spans without a word";
  EXPECT_LE(asked.total_timeout_ms, 5000);
  EXPECT_GT(asked.total_timeout_ms, 4000);
}

TEST(TempoSharedIdsTest, KnowsTheIdThatTheServerHalfWasSentWith) {
  Trace trace;
  const auto add = [&](uint64_t id, uint64_t parent, SpanKind kind) {
    Span span;
    span.span_id = id;
    span.parent_span_id = parent;
    span.kind = kind;
    trace.spans.push_back(span);
  };
  add(0xA000000000000001, 0, SpanKind::kClient);
  add(1, 0xA000000000000001, SpanKind::kServer);
  add(0xA000000000000002, 0, SpanKind::kClient);  // two servers: whose id was it?
  add(2, 0xA000000000000002, SpanKind::kServer);
  add(3, 0xA000000000000002, SpanKind::kServer);
  add(0xB000000000000001, 0xA000000000000001, SpanKind::kServer);  // an id of its own
  add(4, 0xB000000000000001, SpanKind::kServer);                   // below no client
  FindSharedIds(trace);
  EXPECT_EQ(trace.spans[1].emitted_span_id, 0xA000000000000001u);
  for (const size_t other : {0u, 2u, 3u, 4u, 5u, 6u})
    EXPECT_EQ(trace.spans[other].emitted_span_id, 0u) << other;
}

TEST_F(TempoTest, TreatsAnEmptyAnswerAsNotFound) {
  On(v2_, Answer(200, ApiFile("tempo_v2_not_found.pb"), "application/protobuf"));
  EXPECT_EQ(tempo_.FetchTrace(kId, {}).status().code(), absl::StatusCode::kNotFound);
  On(v2_, Answer(200, "", "application/protobuf"));
  EXPECT_EQ(tempo_.FetchTrace(kId, {}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(TempoTest, TreatsA404OfTheApiAsNotFoundWithoutAskingAgain) {
  On(v2_, Answer(404, "", ""));
  EXPECT_EQ(tempo_.FetchTrace(kId, {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(client_->asked.size(), 1u);
}

TEST_F(TempoTest, FallsBackToTheOldInterfaceAndRemembersIt) {
  On(v1_, Answer(200, V1Body(), "application/protobuf"));
  ASSERT_TRUE(tempo_.FetchTrace(kId, {}).ok());
  ASSERT_TRUE(tempo_.FetchTrace(kId, {}).ok());
  ASSERT_EQ(client_->asked.size(), 3u);
  EXPECT_EQ(client_->asked[2].path, v1_);
}

TEST_F(TempoTest, TakesA404OfTheOldInterfaceAsNotFound) {
  On(v1_, Answer(404, "", ""));
  EXPECT_EQ(tempo_.FetchTrace(kId, {}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(TempoTest, SaysThatTheUrlIsWrongWhenNoPathIsKnown) {
  const absl::Status status = tempo_.FetchTrace(kId, {}).status();
  EXPECT_NE(status.code(), absl::StatusCode::kNotFound) << "that would mean: no such trace";
  EXPECT_THAT(std::string(status.message()), HasSubstr("URL"));
  EXPECT_TRUE(IsDownstream(status));
  On(v2_, Answer(404, "<html><title>nginx</title></html>", "text/html"));
  EXPECT_THAT(std::string(tempo_.FetchTrace(kId, {}).status().message()), HasSubstr("URL"));
}

TEST_F(TempoTest, KeepsTemposOwnWordsInErrors) {
  const struct {
    int status;
    std::string body, words;
  } kErrors[] = {{422, ApiFile("tempo_v1_too_large_422.txt"), "trace exceeds max size"},
                 {429, "job queue full", "job queue full"},
                 {400, ApiFile("tempo_bad_id.txt"), "trace IDs can only contain hex"},
                 {401, "no org id", "no org id"},
                 {500, "boom", "boom"},
                 {502, "<html><title>502 Bad Gateway</title></html>", "502 Bad Gateway"}};
  for (const auto& error : kErrors) {
    On(v2_, Answer(error.status, error.body, "text/plain"));
    const absl::Status status = tempo_.FetchTrace(kId, {}).status();
    EXPECT_EQ(UpstreamHttpStatus(status), error.status);
    EXPECT_THAT(std::string(status.message()), HasSubstr(error.words));
    EXPECT_NE(status.code(), absl::StatusCode::kNotFound);
  }
}

TEST_F(TempoTest, DoesNotTakeALoginPageForATrace) {
  for (const char* type : {"text/html; charset=utf-8", "application/protobuf"}) {
    On(v2_, Answer(200, "<!DOCTYPE html><html><title>Sign in</title></html>", type));
    const absl::Status status = tempo_.FetchTrace(kId, {}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("Sign in"));
  }
}

TEST_F(TempoTest, PassesOnWhatTheTransportSays) {
  auto client = std::make_shared<FakeClient>([](const Asked&) -> absl::StatusOr<http::Response> {
    return DownstreamError(absl::StatusCode::kUnavailable, "connection refused");
  });
  Tempo tempo("http://tempo", client);
  const absl::Status status = tempo.FetchTrace(kId, {}).status();
  EXPECT_EQ(std::string(status.message()), "Tempo at connection refused");
  EXPECT_TRUE(IsDownstream(status));
  EXPECT_FALSE(tempo.CheckHealth({}).ok());
}

TEST_F(TempoTest, SaysThatATraceWasCut) {
  On(v2_, Answer(200, V2Body().substr(0, 20), "application/protobuf"));
  EXPECT_EQ(tempo_.FetchTrace(kId, {}).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(TempoTest, ChecksHealthByEcho) {
  On("/base/api/echo", Answer(200, ApiFile("tempo_echo.txt"), "text/plain"));
  EXPECT_TRUE(tempo_.CheckHealth({}).ok());
  On("/base/api/echo", Answer(200, "hello", "text/plain"));
  EXPECT_THAT(std::string(tempo_.CheckHealth({}).message()), HasSubstr("hello"));
  On("/base/api/echo", Answer(503, "starting", "text/plain"));
  EXPECT_THAT(std::string(tempo_.CheckHealth({}).message()), HasSubstr("starting"));
}

TEST_F(TempoTest, SeesAtHealthThatTenantOrCredentialsAreMissing) {
  On("/base/api/echo", Answer(200, ApiFile("tempo_echo.txt"), "text/plain"));
  On("/base/api/v2/search/tags", Answer(401, "no org id", "text/plain"));
  const absl::Status status = tempo_.CheckHealth({});
  EXPECT_THAT(std::string(status.message()), HasSubstr("no org id"));
  EXPECT_EQ(UpstreamHttpStatus(status), 401);
  On("/base/api/v2/search/tags", Answer(500, "busy", "text/plain"));
  EXPECT_TRUE(tempo_.CheckHealth({}).ok());
}

TEST_F(TempoTest, SearchesWithSecondsAndGivesSelectedAttributes) {
  On("/base/api/search", Answer(200, ApiFile("tempo_search_select.json")));
  TraceSearch search;
  search.query = "{span.a=\"b&c\"}";
  search.start_ns = 1795250921'500'000'000;
  search.end_ns = 1795253981'000'000'001;
  search.limit = 5;
  const auto found = tempo_.Search(search, {});
  ASSERT_TRUE(found.ok()) << found.status();
  const Asked& asked = client_->asked[0];
  EXPECT_EQ(asked.params.at("q"), search.query);
  EXPECT_EQ(asked.params.at("start"), "1795250921");
  EXPECT_EQ(asked.params.at("end"), "1795253982");
  EXPECT_EQ(asked.params.at("limit"), "5");
  ASSERT_EQ(found->size(), 5u);
  const TraceSummary& first = found->front();
  EXPECT_FALSE(first.id.empty());
  EXPECT_FALSE(first.root_name.empty());
  EXPECT_GT(first.start_ns, 1'700'000'000'000'000'000);
  EXPECT_THAT(first.attributes, ::testing::Contains(::testing::Key("gen_ai.request.model")));
}

TEST_F(TempoTest, SearchesNothingFound) {
  On("/base/api/search", Answer(200, ApiFile("tempo_search_empty.json")));
  const auto found = tempo_.Search({"{}", 0, 0, 20}, {});
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->empty());
  On("/base/api/search", Answer(200, R"({"traces":null})"));
  EXPECT_TRUE(tempo_.Search({"{}", 0, 0, 20}, {}).ok());
}

TEST_F(TempoTest, SaysWhatIsWrongWithATraceQlQuery) {
  On("/base/api/search", Answer(400, ApiFile("tempo_search_syntax_error.txt"), "text/plain"));
  const absl::Status status = tempo_.Search({"{ foo = ", 0, 0, 20}, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("parse error"));
}

TEST_F(TempoTest, ListsTagsOfBothInterfaces) {
  On("/base/api/v2/search/tags", Answer(200, ApiFile("tempo_tags_v2.json")));
  const auto v2 = tempo_.Tags({});
  ASSERT_TRUE(v2.ok());
  EXPECT_THAT(*v2, ::testing::Contains("resource.service.name"));
  answers_.clear();
  On("/base/api/search/tags", Answer(200, ApiFile("tempo_tags_v1.json")));
  const auto v1 = tempo_.Tags({});
  ASSERT_TRUE(v1.ok());
  EXPECT_THAT(*v1, ::testing::Contains("service.name"));
}

TEST_F(TempoTest, ListsValuesServicesAndOperations) {
  const std::string values = ApiFile("tempo_tag_values_service.json");
  On("/base/api/v2/search/tag/resource.service.name/values", Answer(200, values));
  On("/base/api/v2/search/tag/name/values", Answer(200, values));
  EXPECT_THAT(*tempo_.Services({}), ::testing::Contains("types-svc"));
  ASSERT_TRUE(tempo_.Operations("a\"} || {", {}).ok());
  EXPECT_EQ(client_->asked.back().params.at("q"), "{resource.service.name=\"a\\\"} || {\"}");
  On("/base/api/search/tag/x/values", Answer(200, R"({"tagValues":["1","2"]})"));
  EXPECT_THAT(*tempo_.TagValues("span.x", {}), ::testing::ElementsAre("1", "2"));
}

TEST_F(TempoTest, KeepsTagNamesInsideTheirPathSegment) {
  EXPECT_FALSE(tempo_.TagValues("..", {}).ok());
  EXPECT_FALSE(tempo_.TagValues("", {}).ok());
  EXPECT_FALSE(tempo_.TagValues("../../api/echo?x=", {}).ok());
  ASSERT_TRUE(client_->asked.empty());
  (void)tempo_.TagValues("api/echo?x=", {});
  ASSERT_FALSE(client_->asked.empty());
  EXPECT_THAT(client_->asked[0].raw_url, HasSubstr("/tag/api%2Fecho%3Fx%3D/values"));
}

}  // namespace
}  // namespace spanlog::stores
