#include "stores/loki/loki.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "base/text.h"
#include "stores/loki/pager.h"
#include "stores/loki/record_set.h"
#include "support/fake_loki.h"

namespace spanlog::stores {
namespace {

using testing::Answer;
using testing::ApiFile;
using testing::Asked;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Entry;
using testing::FakeClient;
using testing::FakeLoki;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kStart = 1'795'252'381'000'000'000;
constexpr int64_t kSecond = 1'000'000'000;
constexpr char kId[] = "4bf92f3577b34da6a3ce929d0e0e4736";

class LokiTest : public ::testing::Test {
 protected:
  LokiTest() { settings_.upstream.url = "http://loki:3100"; }

  LogSearch Search() const {
    LogSearch search;
    search.trace_id = *ParseTraceId(kId);
    search.services = {"web"};
    search.start_ns = kStart;
    search.end_ns = kStart + kSecond;
    return search;
  }
  void AddOtlp(int64_t time, const std::string& line, const std::string& service = "web",
               testing::LabelMap more = {}) {
    Entry entry{
        {{"service_name", service}}, time, line, {{"trace_id", kId}, {"severity_number", "9"}}};
    entry.metadata.insert(more.begin(), more.end());
    server_.Add(entry);
  }
  absl::StatusOr<LogBatch> Fetch(const LogSearch& search) {
    if (loki_ == nullptr) loki_ = std::make_unique<Loki>(settings_, client_);
    return loki_->FetchLogs(search, {});
  }
  std::vector<std::string> Lines(const LogBatch& batch) {
    std::vector<std::string> lines;
    for (const LogRecord& record : batch.records) lines.emplace_back(record.line);
    return lines;
  }
  std::vector<std::string> Queries() const {
    std::vector<std::string> queries;
    for (const Asked& asked : client_->asked) {
      if (asked.params.contains("query")) queries.push_back(asked.params.at("query"));
    }
    return queries;
  }

  settings::LogSettings settings_;
  FakeLoki server_;
  std::function<std::optional<http::Response>(const Asked&)> before_;
  std::shared_ptr<FakeClient> client_ = std::make_shared<FakeClient>([this](const Asked& asked) {
    if (before_) {
      if (auto answer = before_(asked)) return *answer;
    }
    return server_.Reply(asked);
  });
  std::unique_ptr<Loki> loki_;
};

TEST_F(LokiTest, AsksForASmallTraceByMetadataLineAndLabel) {
  AddOtlp(kStart + 5, "hello");
  server_.Add(
      {{{"service_name", "web"}}, kStart + 6, std::string("level=info traceId=") + kId, {}});
  server_.Add({{{"job", "x"}, {"trace_id", kId}}, kStart + 7, "promtail", {}});
  const auto batch = Fetch(Search());
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(batch->records.size(), 3u);
  EXPECT_THAT(Queries(),
              ElementsAre(std::string("{service_name=~\"web\"} | trace_id=\"") + kId + "\"",
                          "{service_name=~\"web\"} |= \"a3ce929d0e0e4736\"",
                          std::string("{trace_id=\"") + kId + "\"}"));
  EXPECT_EQ(batch->tried, Queries());
  const Asked& asked = client_->asked[0];
  EXPECT_EQ(asked.path, "/loki/api/v1/query_range");
  EXPECT_EQ(asked.params.at("start"), std::to_string(kStart - 300 * kSecond));
  EXPECT_EQ(asked.params.at("end"), std::to_string(kStart + 301 * kSecond + 1));
  EXPECT_THAT(server_.problems, IsEmpty());
}

TEST_F(LokiTest, AsksOnceWhenTheFirstRungFindsManyRecordsOfAllServices) {
  for (int i = 0; i < 600; ++i) AddOtlp(kStart + i, Concat("line ", i));
  EXPECT_EQ(Fetch(Search())->records.size(), 600u);
  EXPECT_EQ(client_->asked.size(), 1u);
}

TEST_F(LokiTest, LooksOnlyIntoTheLinesOfSilentServicesOfALargeTrace) {
  for (int i = 0; i < 600; ++i) AddOtlp(kStart + i, Concat("line ", i));
  server_.Add(
      {{{"service_name", "old"}}, kStart + 1, std::string("level=info traceId=") + kId, {}});
  LogSearch search = Search();
  search.services = {"old", "web"};
  EXPECT_EQ(Fetch(search)->records.size(), 601u);
  EXPECT_THAT(Queries(), Contains(HasSubstr("{service_name=~\"old\"} |= ")));
}

TEST_F(LokiTest, FindsIdsInUpperCaseWithDashesAndInDecimalOfServicesWithoutOthers) {
  AddOtlp(kStart, "otlp");
  LogSearch search = Search();
  search.services = {"datadog", "java", "uuid", "web"};
  server_.Add(
      {{{"service_name", "java"}}, kStart + 1, "traceId=4BF92F3577B34DA6A3CE929D0E0E4736 up", {}});
  server_.Add({{{"service_name", "ns/datadog"}},
               kStart + 2,
               "dd.trace_id=11803532876627986230 dd.span_id=7 dd",
               {}});
  server_.Add(
      {{{"service_name", "uuid"}}, kStart + 3, "[4bf92f35-77b3-4da6-a3ce-929d0e0e4736] uu", {}});
  server_.Add({{{"service_name", "datadog"}},
               kStart + 4,
               "sm",
               {{"dd_trace_id", "11803532876627986230"}, {"dd_span_id", "7"}}});
  const auto batch = Fetch(search);
  ASSERT_TRUE(batch.ok());
  ASSERT_EQ(batch->records.size(), 5u);
  for (const LogRecord& record : batch->records) {
    EXPECT_EQ(record.trace_id, search.trace_id) << record.line;
  }
  EXPECT_EQ(batch->records[2].span_id, 7u);
  EXPECT_EQ(batch->records[4].span_id, 7u);
  EXPECT_THAT(server_.problems, IsEmpty());
}

TEST_F(LokiTest, LeavesRecordsToTheTraceTheyNameWhenTheirLineMentionsThisOne) {
  server_.Add({{{"service_name", "web"}},
               kStart,
               Concat("GET /api/traces/", kId),
               {{"trace_id", "11111111111111111111111111111111"}}});
  server_.Add({{{"service_name", "web"}}, kStart + 1, Concat("about ", kId), {}});
  EXPECT_THAT(Lines(*Fetch(Search())), ElementsAre(HasSubstr("about")));
}

TEST_F(LokiTest, FindsStreamsWithoutServiceNamesBesideThoseThatHaveThem) {
  server_.Add({{{"service_name", "someone else"}}, kStart, "otlp", {}});
  server_.Add({{{"job", "varlogs"}}, kStart, Concat("x ", kId), {}});
  EXPECT_EQ(Fetch(Search())->records.size(), 1u);
  EXPECT_THAT(Queries(), Contains(HasSubstr("{job=~\".+\", service_name=\"\"} |~ ")));
}

TEST_F(LokiTest, FindsAgentRecordsWhoseSessionStandsInTheLine) {
  server_.Add(
      {{{"service_name", "web"}}, kStart, R"({"session_id":"session-0001","msg":"mine"})", {}});
  LogSearch search = Search();
  search.attributes = {{"session.id", "session-0001"}};
  EXPECT_EQ(Fetch(search)->records.size(), 1u);
  search.trace_id = {};
  EXPECT_EQ(Fetch(search)->records.size(), 1u) << "also when a conversation is asked for";
}

TEST_F(LokiTest, FindsRecordsWhereTheIdIsALabel) {
  server_.Add({{{"job", "x"}, {"trace_id", kId}}, kStart, "promtail", {}});
  EXPECT_THAT(Lines(*Fetch(Search())), ElementsAre("promtail"));
  server_ = FakeLoki();
  server_.Add({{{"job", "x"}, {"traceID", kId}}, kStart, "camel", {}});
  EXPECT_THAT(Lines(*Fetch(Search())), ElementsAre("camel"));
}

TEST_F(LokiTest, FindsRecordsUnderOtherNamesOfTheMetadata) {
  server_.Add({{{"service_name", "web"}}, kStart, "python", {{"otelTraceID", kId}}});
  EXPECT_THAT(Lines(*Fetch(Search())), ElementsAre("python"));
}

TEST_F(LokiTest, FindsRecordsInALokiWithoutServiceNames) {
  server_.Add({{{"filename", "/a"}, {"app", "other"}}, kStart, std::string("x ") + kId, {}});
  const auto batch = Fetch(Search());
  EXPECT_EQ(batch->records.size(), 1u);
  EXPECT_THAT(Queries(), Contains(HasSubstr("{app=~\".+\"} |~ ")));
}

TEST_F(LokiTest, FindsAgentRecordsBySessionWithoutTraceIds) {
  server_.Add(
      {{{"service_name", "web"}}, kStart, "mine", {{"session_id", "s1"}, {"prompt_id", "p1"}}});
  server_.Add({{{"service_name", "web"}},
               kStart,
               "other prompt",
               {{"session_id", "s1"}, {"prompt_id", "p2"}}});
  LogSearch search = Search();
  search.attributes = {{"session.id", "s1"}, {"prompt.id", "p1"}};
  EXPECT_THAT(Lines(*Fetch(search)), ElementsAre("mine"));
}

TEST_F(LokiTest, LeavesTheOtherTracesOfASessionOut) {
  server_.Add({{{"service_name", "web"}}, kStart, "mine", {{"session_id", "s1"}}});
  server_.Add({{{"service_name", "web"}},
               kStart,
               "another trace's",
               {{"session_id", "s1"}, {"trace_id", "11111111111111111111111111111111"}}});
  LogSearch search = Search();
  search.attributes = {{"session.id", "s1"}};
  EXPECT_THAT(Lines(*Fetch(search)), ElementsAre("mine"));
}

TEST_F(LokiTest, FindsASessionWithoutATrace) {
  server_.Add({{{"service_name", "cli"}}, kStart, "mine", {{"session_id", "s1"}}});
  LogSearch search = Search();
  search.trace_id = {};
  search.services.clear();
  search.attributes = {{"session.id", "s1"}};
  EXPECT_THAT(Lines(*Fetch(search)), ElementsAre("mine"));
  EXPECT_EQ(client_->asked.size(), 1u);
}

TEST_F(LokiTest, WidensTheWindowOnlyWhenNothingWasFound) {
  AddOtlp(kStart + 50 * 60 * kSecond, "late");
  const auto batch = Fetch(Search());
  EXPECT_THAT(Lines(*batch), ElementsAre("late"));
  EXPECT_FALSE(batch->tried.empty());
  AddOtlp(kStart, "in time");
  EXPECT_THAT(Lines(*Fetch(Search())), ElementsAre("in time"));
}

TEST_F(LokiTest, WaitsForLateEvaluationsOfModelCalls) {
  AddOtlp(kStart, "answer");
  AddOtlp(kStart + 3600 * kSecond, "evaluation");
  LogSearch search = Search();
  EXPECT_EQ(Fetch(search)->records.size(), 1u);
  search.has_model_calls = true;
  EXPECT_EQ(Fetch(search)->records.size(), 2u);
}

TEST_F(LokiTest, AsksForShortIdsInLinesToo) {
  LogSearch search = Search();
  search.trace_id = *ParseTraceId("51bae3368affdf89");
  server_.Add({{{"service_name", "web"}},
               kStart,
               "otlp",
               {{"trace_id", "000000000000000051bae3368affdf89"}}});
  server_.Add({{{"service_name", "web"}}, kStart + 1, "traceId=51bae3368affdf89 msg=b3", {}});
  const auto batch = Fetch(search);
  ASSERT_EQ(batch->records.size(), 2u);
  EXPECT_EQ(batch->records[1].trace_id, search.trace_id);
}

TEST_F(LokiTest, KeepsARecordOnceThatTwoQueriesFind) {
  LogSearch search = Search();
  search.trace_id = *ParseTraceId("51bae3368affdf89");
  for (int i = 0; i < 2; ++i) {
    server_.Add({{{"service_name", "web"}},
                 kStart,
                 "in line 51bae3368affdf89",
                 {{"trace_id", "51bae3368affdf89"}}});
  }
  EXPECT_EQ(Fetch(search)->records.size(), 2u) << "true duplicates stay, found ones do not double";
}

TEST_F(LokiTest, PagesWithoutLossOrRepetition) {
  server_.max_entries = 10;
  for (int i = 0; i < 95; ++i) {
    // Seven records share each time, two of them are equal, over two streams.
    AddOtlp(kStart + i / 7, Concat("line ", i % 7 == 6 ? i - 1 : i), i % 3 == 0 ? "web" : "stock");
  }
  LogSearch search = Search();
  search.services = {"stock", "web"};
  const auto batch = Fetch(search);
  ASSERT_TRUE(batch.ok()) << batch.status();
  EXPECT_EQ(batch->records.size(), 95u);
  EXPECT_THAT(batch->warnings, IsEmpty());
  EXPECT_FALSE(batch->limit_reached);
  for (size_t i = 1; i < batch->records.size(); ++i) {
    EXPECT_LE(batch->records[i - 1].time_ns, batch->records[i].time_ns);
  }
}

TEST_F(LokiTest, LearnsTheServersLimitOnceAndRemembersIt) {
  server_.max_entries = 10;
  AddOtlp(kStart, "x");
  ASSERT_TRUE(Fetch(Search()).ok());
  EXPECT_EQ(client_->asked[0].params.at("limit"), "5000");
  EXPECT_EQ(client_->asked[1].params.at("limit"), "10");
  client_->asked.clear();
  ASSERT_TRUE(Fetch(Search()).ok());
  for (const Asked& asked : client_->asked) EXPECT_EQ(asked.params.at("limit"), "10");
  EXPECT_EQ(EntriesLimitIn(testing::LoadCase("logs-5200").File("loki_limit_6000_error.txt")), 5000);
  EXPECT_EQ(EntriesLimitIn("max_entries_limit_per_query (x > y)"), 0);
  EXPECT_EQ(EntriesLimitIn("other"), 0);
}

TEST_F(LokiTest, AsksForTheEndOfARangeThatIsTooLongForLoki) {
  constexpr int64_t kHour = 3600 * kSecond;
  before_ = [&](const Asked& asked) -> std::optional<http::Response> {
    if (!asked.params.contains("start") || !asked.params.contains("query")) return std::nullopt;
    const int64_t length =
        std::stoll(asked.params.at("end")) - std::stoll(asked.params.at("start"));
    if (length <= 721 * kHour) return std::nullopt;
    return Answer(400,
                  "the query time range exceeds the limit (query length: 2160h0m0s, limit: 30d1h)",
                  "text/plain");
  };
  AddOtlp(kStart, "in time");
  LogSearch search = Search();
  search.start_ns = kStart - 2160 * kHour;
  const auto batch = Fetch(search);
  ASSERT_TRUE(batch.ok()) << batch.status();
  EXPECT_THAT(Lines(*batch), ElementsAre("in time"));
  EXPECT_THAT(batch->warnings, Contains(HasSubstr("721 hours at most")));
  EXPECT_EQ(RangeLimitIn("limit: 721h0m0s) query time range exceeds the limit"), 0);
  EXPECT_EQ(
      RangeLimitIn("the query time range exceeds the limit (query length: 1000h, limit: 721h0m0s)"),
      721 * kHour);
}

TEST_F(LokiTest, SaysWhenOneInstantHoldsMoreThanAPage) {
  server_.max_entries = 10;
  for (int i = 0; i < 25; ++i) AddOtlp(kStart, Concat("same ", i));
  for (int i = 0; i < 5; ++i) AddOtlp(kStart + 1 + i, Concat("later ", i));
  const auto batch = Fetch(Search());
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(batch->records.size(), 15u);
  ASSERT_EQ(batch->warnings.size(), 1u);
  EXPECT_THAT(batch->warnings[0], HasSubstr("same time"));
}

TEST_F(LokiTest, StopsAtTheMaximumAndSaysSoOnlyWhenThereIsMore) {
  for (int i = 0; i < 20; ++i) AddOtlp(kStart + i, Concat("line ", i));
  LogSearch search = Search();
  search.max_records = 20;
  EXPECT_FALSE(Fetch(search)->limit_reached);
  search.max_records = 19;
  const auto batch = Fetch(search);
  EXPECT_TRUE(batch->limit_reached);
  EXPECT_EQ(batch->records.size(), 19u);
  EXPECT_EQ(batch->records.back().line, "line 18") << "the oldest are kept";
}

TEST_F(LokiTest, RunsAConfiguredQueryAsItIs) {
  AddOtlp(kStart, "x");
  settings_.query = R"({service_name="web"} | trace_id="${__trace.traceId}")";
  EXPECT_EQ(Fetch(Search())->records.size(), 1u);
  EXPECT_THAT(Queries(),
              ElementsAre(std::string("{service_name=\"web\"} | trace_id=\"") + kId + "\""));
  LogSearch search = Search();
  search.query = R"({service_name="none"} |= "x")";
  EXPECT_THAT(Fetch(search)->records, IsEmpty());
  EXPECT_EQ(client_->asked.size(), 2u) << "no ladder behind a query of one's own";
}

TEST_F(LokiTest, LooksForTheTraceWithinAConfiguredSelector) {
  server_.Add({{{"namespace", "shop"}}, kStart, std::string("traceId=") + kId + " msg=m", {}});
  settings_.query = R"({namespace="shop"})";
  EXPECT_EQ(Fetch(Search())->records.size(), 1u);
}

TEST_F(LokiTest, FallsBackWhenTheTraceLacksATagOfTheConfiguredQuery) {
  AddOtlp(kStart, "x");
  settings_.query = R"({pod="${__span.tags["k8s.pod.name"]}"})";
  const auto batch = Fetch(Search());
  EXPECT_EQ(batch->records.size(), 1u);
  EXPECT_THAT(batch->warnings, ElementsAre(HasSubstr("k8s.pod.name")));
}

TEST_F(LokiTest, SaysWhatIsWrongWithAConfiguredQuery) {
  settings_.query = "{oops";
  const absl::Status status = Fetch(Search()).status();
  EXPECT_EQ(UpstreamHttpStatus(status), 400);
  EXPECT_THAT(std::string(status.message()), HasSubstr("parse error"));
  LogSearch search = Search();
  search.query = "{a=\"${nope}\"}";
  EXPECT_EQ(Fetch(search).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(LokiTest, GivesWhatWasFoundWhenALaterRungFails) {
  AddOtlp(kStart, "x");
  before_ = [](const Asked& asked) -> std::optional<http::Response> {
    if (spanlog::Contains(asked.params.at("query"), "|="))
      return Answer(400, "too many bytes", "text/plain");
    return std::nullopt;
  };
  LogSearch search = Search();
  search.services = {"silent", "web"};
  const auto batch = Fetch(search);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(batch->records.size(), 1u);
  EXPECT_THAT(batch->warnings, ElementsAre(HasSubstr("too many bytes")));
}

TEST_F(LokiTest, StopsTheLadderWhenTheStoreItselfFails) {
  const struct {
    int status;
    const char* body;
  } kFailures[] = {{401, "no org id"}, {403, "nope"}, {429, "too many outstanding requests"},
                   {500, "boom"},      {503, "down"}, {504, "request timed out"}};
  for (const auto& failure : kFailures) {
    client_->asked.clear();
    before_ = [&](const Asked&) { return Answer(failure.status, failure.body, "text/plain"); };
    const absl::Status status = Fetch(Search()).status();
    EXPECT_EQ(UpstreamHttpStatus(status), failure.status);
    EXPECT_THAT(std::string(status.message()), HasSubstr(failure.body));
    EXPECT_EQ(client_->asked.size(), 1u) << failure.status;
  }
}

TEST_F(LokiTest, FailsWhenEveryRungFails) {
  before_ = [](const Asked&) {
    return Answer(400, "stream selector is missing required matchers", "text/plain");
  };
  EXPECT_THAT(std::string(Fetch(Search()).status().message()), HasSubstr("required matchers"));
}

TEST_F(LokiTest, RefusesAnswersThatAreNoLogs) {
  for (const char* body :
       {"<html><title>Login</title>", "{", "[]", "{}", "{\"status\":\"success\"}",
        R"({"status":"success","data":{"resultType":"streams","result":[)"}) {
    before_ = [&](const Asked&) { return Answer(200, body); };
    EXPECT_FALSE(Fetch(Search()).ok()) << body;
  }
  before_ = [&](const Asked&) {
    return Answer(
        200,
        R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"2"]]}]}})");
  };
  settings_.query = "rate({a=\"b\"}[1m])";
  loki_ = nullptr;
  EXPECT_THAT(std::string(Fetch(Search()).status().message()), HasSubstr("metric query"));
}

TEST_F(LokiTest, ReadsAnswersOfForeignGateways) {
  before_ = [&](const Asked&) {
    return Answer(200,
                  R"({"data":{"result":[{"values":[["1795252381000000003","c",{"span_id":"ab"}],
       ["1795252381000000001","a",{}],["1795252381000000002","b\ud800"],["x"],5,[1,2]],
       "stream":{"service_name":"web"}}],"resultType":"streams"},"status":"success","warnings":["slow"]})");
  };
  const auto batch = Fetch(Search());
  ASSERT_TRUE(batch.ok()) << batch.status();
  EXPECT_THAT(Lines(*batch), ElementsAre("a", "b\xEF\xBF\xBD", "c"));
  EXPECT_EQ(batch->records[2].span_id, 0xABu);
  EXPECT_THAT(batch->warnings, Contains(HasSubstr("slow")));
}

TEST_F(LokiTest, KeepsLabelsMetadataAndParsedFieldsApart) {
  before_ = [&](const Asked&) {
    return Answer(
        200,
        R"({"status":"success","data":{"resultType":"streams","result":[{"stream":{"service_name":"web","a":"label"},
      "values":[["1795252381000000003","{}",{"structuredMetadata":{"a_extracted":"meta"},"parsed":{"msg":"parsed text","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}}]]}]}})");
  };
  const auto batch = Fetch(Search());
  const LogRecord& record = batch->records.at(0);
  EXPECT_EQ(FindText(batch->streams[record.stream].labels, "a"), "label");
  EXPECT_EQ(FindText(record.metadata, "a_extracted"), "meta");
  EXPECT_EQ(FindText(record.parsed, "msg"), "parsed text");
  EXPECT_EQ(record.text, "parsed text");
  EXPECT_EQ(record.trace_id.Hex(), kId);
}

TEST_F(LokiTest, SendsLongQueriesAsAForm) {
  LogSearch search = Search();
  search.services.assign(200, "a-service-with-a-long-name");
  (void)Fetch(search);
  EXPECT_EQ(client_->asked[0].method, "POST");
  EXPECT_EQ(client_->asked[0].Header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_THAT(client_->asked[0].params.at("query"), HasSubstr("a-service-with-a-long-name|"));
  EXPECT_LT(client_->asked[0].raw_url.size(), 100u);
}

TEST_F(LokiTest, SaysThatItsTraceIdExpressionCannotBeUsed) {
  AddOtlp(kStart, "x");
  settings_.trace_id_regex = "(";
  const auto batch = Fetch(Search());
  EXPECT_EQ(batch->records.size(), 1u);
  EXPECT_THAT(batch->warnings, ElementsAre(HasSubstr("regular expression")));
}

TEST_F(LokiTest, ChecksHealthByAQuery) {
  before_ = [](const Asked&) { return Answer(200, ApiFile("loki_health_vector.json")); };
  Loki loki(settings_, client_);
  EXPECT_TRUE(loki.CheckHealth({}).ok());
  EXPECT_EQ(client_->asked[0].params.at("query"), "vector(1)+vector(1)");
  before_ = [](const Asked&) {
    return Answer(200, R"({"status":"success","data":{"result":[]}})");
  };
  EXPECT_FALSE(loki.CheckHealth({}).ok());
  before_ = [](const Asked&) { return Answer(401, "no org id", "text/plain"); };
  EXPECT_THAT(std::string(loki.CheckHealth({}).message()), HasSubstr("X-Scope-OrgID"));
}

TEST_F(LokiTest, ListsLabelsAndTheirValues) {
  before_ = [](const Asked& asked) -> std::optional<http::Response> {
    if (asked.path == "/loki/api/v1/labels") return Answer(200, ApiFile("loki_labels.json"));
    if (asked.path == "/loki/api/v1/label/app/values")
      return Answer(200, ApiFile("loki_labels_none.json"));
    return std::nullopt;
  };
  Loki loki(settings_, client_);
  EXPECT_THAT(*loki.Labels({}), Contains("service_name"));
  EXPECT_THAT(*loki.LabelValues("app", {}), IsEmpty());
  EXPECT_FALSE(loki.LabelValues("../x", {}).ok());
  EXPECT_FALSE(loki.LabelValues("", {}).ok());
}

// Took minutes when such records were all in one place of the set.
TEST(RecordSetTest, TellsManyRecordsApartThatDifferInTheirMetadataOnly) {
  constexpr size_t kMany = 50'000;
  Arena arena;
  std::vector<LogRecord> records(2 * kMany);
  for (size_t i = 0; i < records.size(); ++i) {
    const Attribute one{"n", Value::String(arena.Copy(Concat(i % (kMany + 5))))};
    records[i].metadata = arena.CopyArray(absl::MakeConstSpan(&one, 1));
  }
  RecordSet set;
  set.Add(records, 0, kMany);
  set.RemoveFrom(records, kMany);
  EXPECT_EQ(records.size(), kMany + 5);
}

}  // namespace
}  // namespace spanlog::stores
