// The fake stores are only worth something if they answer as the real ones did.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "http/client.h"
#include "replay/fake_jaeger.h"
#include "replay/fake_loki.h"
#include "replay/fake_tempo.h"
#include "replay/fake_zipkin.h"

namespace spanlog::replay {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FixturesPtr Recorded() {
  static const auto fixtures = std::make_shared<const Fixtures>(SPANLOG_FIXTURES);
  return fixtures;
}

http::Response Fetch(const std::string& base, const std::string& path, const Pairs& params = {},
                     const Pairs& headers = {}) {
  static const auto client = *http::Client::Create({});
  http::Request request;
  request.url = http::JoinUrl(base, path);
  char separator = '?';
  for (const auto& [name, value] : params) {
    Append(request.url, separator, http::UrlEncode(name), "=", http::UrlEncode(value));
    separator = '&';
  }
  request.headers = headers;
  const auto response = client->Fetch(request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? *response : http::Response();
}

Pairs ToPairs(const json& object) {
  Pairs pairs;
  for (const auto& [name, value] : object.items())
    pairs.emplace_back(name, value.get<std::string>());
  return pairs;
}

http::Response Repeat(const std::string& base, const json& request) {
  return Fetch(base, request.at("path").get<std::string>(), ToPairs(request.at("params")),
               ToPairs(request.at("headers")));
}

// Calls check(case, request, recorded answer) for each recorded request to a kind of store.
template <typename Check>
int ForEachRecorded(const std::string& server, Check check) {
  int count = 0;
  for (const Case& one : Recorded()->cases()) {
    for (const json& request : one.meta().at("requests")) {
      std::string file = request.at("file").get<std::string>();
      if (EndsWith(file, ".gz")) file.resize(file.size() - 3);
      if (request.at("server") != server || Contains(file, ".after.")) continue;
      SCOPED_TRACE(Concat(one.name(), "/", file));
      check(one, request, *one.Answer(file));
      ++count;
    }
  }
  return count;
}

TEST(FakeTempoTest, RepeatsEveryRecordedAnswer) {
  FakeTempo tempo(Recorded());
  tempo.ServeAll();
  const int count =
      ForEachRecorded("tempo", [&](const Case&, const json& request, const Reply& recorded) {
        const http::Response response = Repeat(tempo.url(), request);
        EXPECT_EQ(response.status, recorded.status);
        EXPECT_EQ(response.Header("content-type"), recorded.content_type);
        EXPECT_TRUE(response.body == recorded.body);
      });
  EXPECT_GT(count, 150);
}

TEST(FakeTempoTest, RepeatsTheSingleAnswers) {
  FakeTempo tempo(Recorded());
  tempo.ServeAll();
  std::ifstream file(SPANLOG_FIXTURES "/api/index.json");
  int count = 0;
  for (const json& request : json::parse(file)) {
    const std::string name = request.at("file").get<std::string>();
    // A range that the trace is outside of is asked of a case that was not kept.
    if (request.at("server") != "tempo" || name == "tempo_range_outside.pb") continue;
    SCOPED_TRACE(name);
    const http::Response response = Repeat(tempo.url(), request);
    EXPECT_EQ(response.status, request.at("status"));
    EXPECT_EQ(response.body, Recorded()->Api(name).body);
    ++count;
  }
  EXPECT_GT(count, 20);
}

TEST(FakeTempoTest, FindsTracesOnlyInTheRangeAskedFor) {
  FakeTempo tempo(Recorded());
  tempo.Serve("g1-happy");
  const Case& one = Recorded()->Get("g1-happy");
  const std::string path = "/api/v2/traces/" + one.trace_ids()[0];
  const Pairs accept = {{"Accept", "application/protobuf"}};
  const std::string start = std::to_string(one.start_ns() / 1'000'000'000 - 1);
  const std::string end = std::to_string(one.end_ns() / 1'000'000'000 + 1);
  EXPECT_GT(Fetch(tempo.url(), path, {{"start", start}, {"end", end}}, accept).body.size(), 1000u);
  EXPECT_LT(Fetch(tempo.url(), path, {{"start", "10"}, {"end", "20"}}, accept).body.size(), 10u);
  EXPECT_GT(Fetch(tempo.url(), path, {{"end", "20"}}, accept).body.size(), 1000u);
  EXPECT_THAT(tempo.Violations(), IsEmpty());
}

TEST(FakeTempoTest, TakesIdsOfAnyCaseAndLength) {
  FakeTempo tempo(Recorded());
  tempo.Serve("trace-id-64");
  const Pairs accept = {{"Accept", "application/protobuf"}};
  EXPECT_GT(Fetch(tempo.url(), "/api/v2/traces/51BAE3368AFFDF89", {}, accept).body.size(), 100u);
  EXPECT_THAT(tempo.Violations(), IsEmpty());
}

TEST(FakeTempoTest, OldOnesHaveNoV2) {
  FakeTempo tempo(Recorded());
  tempo.ServeAll();
  tempo.BeOld(true);
  EXPECT_EQ(Fetch(tempo.url(), "/api/v2/traces/1").status, 404);
}

TEST(FakeTempoTest, NotesWhatARealOneWouldMisunderstand) {
  FakeTempo tempo(Recorded());
  Fetch(tempo.url(), "/api/v2/traces/1");
  Fetch(tempo.url(), "/api/v2/traces/1", {{"start", "1.5"}, {"end", "2"}},
        {{"Accept", "application/protobuf"}});
  Fetch(tempo.url(), "/nowhere");
  EXPECT_THAT(tempo.Violations(),
              ElementsAre(HasSubstr("would answer JSON"), HasSubstr("whole seconds"),
                          HasSubstr("no such route")));
}

TEST(FakeJaegerTest, RepeatsEveryRecordedAnswer) {
  FakeJaeger jaeger(Recorded());
  jaeger.ServeAll();
  const int count =
      ForEachRecorded("jaeger", [&](const Case&, const json& request, const Reply& recorded) {
        const http::Response response = Repeat(jaeger.url(), request);
        EXPECT_EQ(response.status, recorded.status);
        EXPECT_TRUE(response.body == recorded.body);
      });
  EXPECT_GT(count, 100);
}

TEST(FakeZipkinTest, RepeatsEveryRecordedAnswer) {
  FakeZipkin zipkin(Recorded());
  zipkin.ServeAll();
  const int count =
      ForEachRecorded("zipkin", [&](const Case&, const json& request, const Reply& recorded) {
        const http::Response response = Repeat(zipkin.url(), request);
        EXPECT_EQ(response.status, recorded.status);
        EXPECT_TRUE(response.body == recorded.body);
      });
  EXPECT_GT(count, 50);
}

TEST(FakeZipkinTest, LooseOnesFindBothLengthsOfAnId) {
  FakeZipkin zipkin(Recorded());
  zipkin.Serve("zipkin-shared");
  const std::string id = Recorded()->Get("zipkin-shared").trace_ids()[0];
  const std::string strict = Fetch(zipkin.url(), "/api/v2/trace/" + id).body;
  zipkin.BeStrict(false);
  EXPECT_GT(Fetch(zipkin.url(), "/api/v2/trace/" + id.substr(16)).body.size(), strict.size());
}

TEST(FakeLokiTest, EvaluatesEveryRecordedQueryToItsRecordedAnswer) {
  FakeLoki loki(Recorded());
  loki.ServeAll();
  const int count = ForEachRecorded("loki", [&](const Case&, const json& request,
                                                const Reply& recorded) {
    const http::Response response = Repeat(loki.url(), request);
    EXPECT_EQ(response.status, recorded.status);
    if (recorded.status != 200) {
      EXPECT_EQ(response.body, recorded.body);
      return;
    }
    const json got = json::parse(response.body), want = json::parse(recorded.body);
    EXPECT_EQ(got.at("data").at("result"), want.at("data").at("result"));
    EXPECT_EQ(got.at("data").contains("encodingFlags"), want.at("data").contains("encodingFlags"));
    // The lines byte for byte, escapes included.
    const auto lines = [](const std::string& body) {
      return body.substr(0, body.find("\"stats\""));
    };
    EXPECT_TRUE(lines(response.body) == lines(recorded.body));
  });
  EXPECT_GT(count, 120);
}

TEST(FakeLokiTest, KeepsTenantsApart) {
  FakeLoki loki(Recorded());
  loki.Serve("loki-severity-label");
  loki.RequireTenant("t1");
  const int count = ForEachRecorded(
      "loki, auth_enabled, severity_text_as_label",
      [&](const Case&, const json& request, const Reply& recorded) {
        EXPECT_EQ(json::parse(Repeat(loki.url(), request).body).at("data").at("result"),
                  json::parse(recorded.body).at("data").at("result"));
        json other = request;
        other["headers"]["X-Scope-OrgID"] = "t2";
        EXPECT_THAT(json::parse(Repeat(loki.url(), other).body).at("data").at("result"), IsEmpty());
        other["headers"].erase("X-Scope-OrgID");
        EXPECT_EQ(Repeat(loki.url(), other).status, 401);
      });
  EXPECT_EQ(count, 2);
}

http::Response Query(FakeLoki& loki, const std::string& query, Pairs more = {}) {
  Pairs params = {{"query", query},
                  {"start", "1795200000000000000"},
                  {"end", "1795300000000000000"},
                  {"limit", "5000"},
                  {"direction", "forward"}};
  for (const auto& [name, value] : more) {
    for (auto& param : params) {
      if (param.first == name) param.second = value;
    }
  }
  return Fetch(loki.url(), "/loki/api/v1/query_range", params,
               {{"X-Loki-Response-Encoding-Flags", "categorize-labels"}});
}

size_t Count(const http::Response& response) {
  size_t count = 0;
  const json answer = json::parse(response.body);
  for (const json& stream : answer.at("data").at("result")) {
    count += stream.at("values").size();
  }
  return count;
}

TEST(FakeLokiTest, CutsAtTheLimitFromTheEndThatTheDirectionNames) {
  FakeLoki loki(Recorded());
  loki.Serve("g1-happy");
  const http::Response all = Query(loki, "{service_name=~\".+\"}");
  ASSERT_EQ(Count(all), 14u);
  const json values = json::parse(all.body)["data"]["result"][0]["values"];
  const json first = json::parse(Query(loki, "{service_name=~\".+\"}", {{"limit", "3"}}).body);
  EXPECT_EQ(first["data"]["result"][0]["values"], json(values.begin(), values.begin() + 3));
  const json last = json::parse(
      Query(loki, "{service_name=~\".+\"}", {{"limit", "1"}, {"direction", "backward"}}).body);
  EXPECT_EQ(last["data"]["result"][0]["values"][0], values.back());
}

TEST(FakeLokiTest, TheEndIsExclusiveAndTheStartIsNot) {
  FakeLoki loki(Recorded());
  loki.Serve("g1-happy");
  const json all = json::parse(Query(loki, "{service_name=~\".+\"}").body);
  const std::string time = all["data"]["result"][0]["values"][2][0];
  EXPECT_EQ(Count(Query(loki, "{service_name=~\".+\"}", {{"end", time}})), 2u);
  EXPECT_EQ(Count(Query(loki, "{service_name=~\".+\"}", {{"start", time}})), 12u);
}

TEST(FakeLokiTest, RefusesAsLokiDoes) {
  FakeLoki loki(Recorded());
  loki.SetMaxEntries(500);
  EXPECT_EQ(Query(loki, "{app=\"x\"}", {{"limit", "1000"}}).body,
            Recorded()->Api("loki_limit_500_400.txt").body);
  EXPECT_EQ(Query(loki, "{app=~\".*\"}").body,
            Recorded()->Api("loki_empty_compatible_400.txt").body);
  EXPECT_EQ(Query(loki, "{}").body, Recorded()->Api("loki_no_matcher_400.txt").body);
  EXPECT_EQ(Query(loki, "{service_name=\"x\" | foo").body,
            Recorded()->Api("loki_parse_error_400.txt").body);
  EXPECT_EQ(Query(loki, "{a=\"x\"}", {{"limit", "0"}}).body,
            Recorded()->Api("loki_limit_zero_400.txt").body);
  EXPECT_EQ(
      Query(loki, "{a=\"x\"}",
            {{"start", "1790116000000000000"}, {"end", "1795300000000000000"}, {"limit", "1"}})
          .body,
      Recorded()->Api("loki_query_too_long_range_400.txt").body);
}

TEST(FakeLokiTest, ListsLabelsAndValues) {
  FakeLoki loki(Recorded());
  loki.Serve("g1-happy");
  loki.Serve("classic-winston");
  const json labels = json::parse(Fetch(loki.url(), "/loki/api/v1/labels").body);
  EXPECT_EQ(labels.at("data"), json({"app", "deployment_environment_name", "env", "service_name"}));
  const json values = json::parse(Fetch(loki.url(), "/loki/api/v1/label/service_name/values").body);
  EXPECT_EQ(values.at("data"), json({"shop-web", "travel-agent"}));
  EXPECT_FALSE(
      json::parse(Fetch(loki.url(), "/loki/api/v1/label/nope/values").body).contains("data"));
}

TEST(FakeLokiTest, NotesWhatARealOneWouldMisunderstand) {
  FakeLoki loki(Recorded());
  Fetch(loki.url(), "/loki/api/v1/query_range",
        {{"query", "{a=\"b\"}"}, {"start", "1795200000000"}});
  EXPECT_THAT(
      loki.Violations(),
      ElementsAre(HasSubstr("categorize-labels"), HasSubstr("start=1795200000000"),
                  HasSubstr("end="), HasSubstr("direction=forward"), HasSubstr("without limit")));
  loki.Forget();
  Query(loki, "{a=\"b\"} | line_format \"x\"");
  EXPECT_THAT(loki.Violations(), ElementsAre(HasSubstr("line_format")));
}

TEST(FakeStoreTest, MisbehavesInScopeAndThenHeals) {
  FakeTempo tempo(Recorded());
  tempo.Fail(503, "too busy", {"/api/echo", 2});
  EXPECT_EQ(Fetch(tempo.url(), "/ready").status, 200);
  EXPECT_EQ(Fetch(tempo.url(), "/api/echo").status, 503);
  EXPECT_EQ(Fetch(tempo.url(), "/api/echo").body, "too busy");
  EXPECT_EQ(Fetch(tempo.url(), "/api/echo").status, 200);
  tempo.Fail(500, "broken");
  EXPECT_EQ(Fetch(tempo.url(), "/ready").status, 500);
  tempo.Heal();
  EXPECT_EQ(Fetch(tempo.url(), "/ready").status, 200);
  EXPECT_EQ(tempo.Requests().size(), 6u);
  EXPECT_EQ(tempo.LastRequest().path, "/ready");
}

TEST(FakeStoreTest, ChecksARequiredHeader) {
  FakeTempo tempo(Recorded());
  tempo.RequireHeader("x-scope-orgid", "t1");
  EXPECT_EQ(Fetch(tempo.url(), "/api/echo").body, "no org id");
  EXPECT_EQ(Fetch(tempo.url(), "/api/echo", {}, {{"X-Scope-OrgID", "t1"}}).status, 200);
  EXPECT_THAT(tempo.Violations(), ElementsAre(HasSubstr("x-scope-orgid")));
}

}  // namespace
}  // namespace spanlog::replay
