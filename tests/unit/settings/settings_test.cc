#include "settings/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace spanlog::settings {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr char kPem[] = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";

RawSettings Raw(std::string json_data, std::map<std::string, std::string> secrets = {}) {
  RawSettings raw;
  raw.uid = "spanlog";
  raw.url = "http://tempo:3200";
  raw.json_data = std::move(json_data);
  raw.secrets = std::move(secrets);
  return raw;
}

std::string ErrorOf(const RawSettings& raw) {
  const auto settings = ParseSettings(raw);
  return settings.ok() ? "no error" : std::string(settings.status().message());
}

TEST(SettingsTest, TakesNothingButAUrl) {
  const auto settings = ParseSettings(Raw(""));

  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->uid, "spanlog");
  EXPECT_EQ(settings->traces.url, "http://tempo:3200");
  EXPECT_EQ(settings->trace_store, TraceStoreKind::kTempo);
  EXPECT_EQ(settings->logs.upstream.url, "");
  EXPECT_EQ(settings->logs.start_shift_ns, -300'000'000'000);
  EXPECT_EQ(settings->logs.max_records, 5000);
  EXPECT_EQ(settings->traces.http.total_timeout_ms, 30'000);
  EXPECT_EQ(settings->messages.history, History::kFull);
  EXPECT_TRUE(settings->traces.http.basic_user.empty());
}

TEST(SettingsTest, ReadsGrafanasStandardKeysForTheTraceStore) {
  RawSettings raw = Raw(
      R"({"traceStore":"jaeger","timeout":12,"dialTimeout":3,"httpIdleConnTimeout":60,
          "httpMaxConnsPerHost":7,"tlsAuth":true,"tlsAuthWithCACert":true,"serverName":"tempo.local",
          "tlsSkipVerify":true,"httpHeaderName1":"X-Scope-OrgID","httpHeaderName2":"X-Two",
          "httpHeaderName4":"X-Never","oauthPassThru":true,"keepCookies":["session","team[]"]})",
      {{"basicAuthPassword", "secret"},
       {"tlsCACert", kPem},
       {"tlsClientCert", kPem},
       {"tlsClientKey", kPem},
       {"httpHeaderValue1", "tenant-a"},
       {"httpHeaderValue2", "two"},
       {"httpHeaderValue4", "never"}});
  raw.basic_auth = true;
  raw.basic_auth_user = "reader";

  const auto settings = ParseSettings(raw);

  ASSERT_TRUE(settings.ok()) << settings.status();
  const http::ClientOptions& http = settings->traces.http;
  EXPECT_EQ(settings->trace_store, TraceStoreKind::kJaeger);
  EXPECT_EQ(http.total_timeout_ms, 12'000);
  EXPECT_EQ(http.connect_timeout_ms, 3'000);
  EXPECT_EQ(http.idle_timeout_ms, 60'000);
  EXPECT_EQ(http.max_connections, 7);
  EXPECT_EQ(http.basic_user, "reader");
  EXPECT_EQ(http.basic_password, "secret");
  EXPECT_TRUE(http.tls.skip_verify);
  EXPECT_EQ(http.tls.server_name, "tempo.local");
  EXPECT_EQ(http.tls.ca_pem, kPem);
  EXPECT_EQ(http.tls.client_cert_pem, kPem);
  EXPECT_EQ(http.tls.client_key_pem, kPem);
  EXPECT_THAT(http.headers, ElementsAre(Pair("X-Scope-OrgID", "tenant-a"), Pair("X-Two", "two")));
  EXPECT_TRUE(settings->traces.oauth_pass_thru);
  EXPECT_THAT(settings->traces.keep_cookies, ElementsAre("session", "team[]"));
}

TEST(SettingsTest, ReadsTheSameKeysInsideLogsForTheLogStore) {
  const auto settings = ParseSettings(Raw(R"({"timeout":5,"oauthPassThru":true,
              "logs":{"url":" https://loki:3100/ ","basicAuth":true,"basicAuthUser":"u","timeout":9,
                      "tlsAuth":true,"tlsAuthWithCACert":true,"serverName":"loki.local",
                      "httpHeaderName1":"X-Scope-OrgID","keepCookies":["c"]}})",
                                          {{"logsBasicAuthPassword", "p"},
                                           {"logsTlsCACert", kPem},
                                           {"logsTlsClientCert", kPem},
                                           {"logsTlsClientKey", kPem},
                                           {"logsHttpHeaderValue1", "tenant-b"},
                                           {"httpHeaderValue1", "not this one"}}));

  ASSERT_TRUE(settings.ok()) << settings.status();
  const Upstream& logs = settings->logs.upstream;
  EXPECT_EQ(logs.url, "https://loki:3100/");
  EXPECT_EQ(logs.http.basic_user, "u");
  EXPECT_EQ(logs.http.basic_password, "p");
  EXPECT_EQ(logs.http.total_timeout_ms, 9'000);
  EXPECT_EQ(logs.http.tls.server_name, "loki.local");
  EXPECT_EQ(logs.http.tls.client_key_pem, kPem);
  EXPECT_THAT(logs.http.headers, ElementsAre(Pair("X-Scope-OrgID", "tenant-b")));
  EXPECT_FALSE(logs.oauth_pass_thru);
  EXPECT_THAT(logs.keep_cookies, ElementsAre("c"));
  EXPECT_TRUE(settings->traces.http.headers.empty());
}

TEST(SettingsTest, SameAsTracesTakesTheTraceStoresAuthButNotItsUrl) {
  RawSettings raw = Raw(
      R"({"httpHeaderName1":"X-Scope-OrgID","oauthPassThru":true,
          "logs":{"url":"http://loki:3100","sameAsTraces":true,"timeout":7,"basicAuth":true,"basicAuthUser":"x"}})",
      {{"basicAuthPassword", "secret"}, {"httpHeaderValue1", "t"}});
  raw.basic_auth = true;
  raw.basic_auth_user = "reader";

  const auto settings = ParseSettings(raw);

  ASSERT_TRUE(settings.ok()) << settings.status();
  const Upstream& logs = settings->logs.upstream;
  EXPECT_EQ(logs.url, "http://loki:3100");
  EXPECT_EQ(logs.http.basic_user, "reader");
  EXPECT_EQ(logs.http.basic_password, "secret");
  EXPECT_EQ(logs.http.headers.size(), 1u);
  EXPECT_TRUE(logs.oauth_pass_thru);
  EXPECT_EQ(logs.http.total_timeout_ms, 7'000);
  EXPECT_EQ(settings->traces.http.total_timeout_ms, 30'000);
}

TEST(SettingsTest, FallsBackToUserAndPassword) {
  RawSettings raw = Raw("{}", {{"password", "p"}});
  raw.user = "u";

  const auto settings = ParseSettings(raw);

  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->traces.http.basic_user, "u");
  EXPECT_EQ(settings->traces.http.basic_password, "p");
}

TEST(SettingsTest, UsesCertificatesOnlyWhereTheSettingsAsk) {
  const auto settings =
      ParseSettings(Raw(R"({"serverName":"x"})", {{"tlsCACert", kPem}, {"tlsClientKey", kPem}}));

  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->traces.http.tls.ca_pem, "");
  EXPECT_EQ(settings->traces.http.tls.client_key_pem, "");
  EXPECT_EQ(settings->traces.http.tls.server_name, "");
}

TEST(SettingsTest, ReadsLogsMessagesPricesAndLimits) {
  const auto settings = ParseSettings(Raw(
      R"({"logs":{"url":"http://loki","query":"{app=\"x\"}","tags":[{"key":"service.name","value":"app"}],
                  "startShift":"-1h","endShift":"10m","maxRecords":100,"traceIdKeys":["tid"],
                  "spanIdKeys":["sid"],"traceIdRegex":"id=(\\w+)$"},
          "messages":{"lanes":"service","history":"delta","previewChars":"80"},
          "prices":[{"model":"gpt-*","input":2.5,"output":"10","cacheRead":1.25}],
          "limits":{"responseBytes":2097152,"frameBytes":1048576,"attributeBytes":4096,"spans":10,"concurrentQueries":3},
          "correctClockSkew":true,"policy":{"rules":[1]},"unknown":{"x":1}})"));

  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->logs.query, "{app=\"x\"}");
  ASSERT_EQ(settings->logs.tags.size(), 1u);
  EXPECT_EQ(settings->logs.tags[0].value, "app");
  EXPECT_EQ(settings->logs.start_shift_ns, -3'600'000'000'000);
  EXPECT_EQ(settings->logs.end_shift_ns, 600'000'000'000);
  EXPECT_EQ(settings->logs.max_records, 100);
  EXPECT_THAT(settings->logs.trace_id_keys, ElementsAre("tid"));
  EXPECT_EQ(settings->logs.trace_id_regex, "id=(\\w+)$");
  EXPECT_EQ(settings->messages.lanes, Lanes::kService);
  EXPECT_EQ(settings->messages.history, History::kDelta);
  EXPECT_EQ(settings->messages.preview_chars, 80);
  ASSERT_EQ(settings->prices.size(), 1u);
  EXPECT_EQ(settings->prices[0].output, 10);
  EXPECT_EQ(settings->prices[0].cache_read, 1.25);
  EXPECT_EQ(settings->prices[0].cache_write, -1);
  EXPECT_EQ(settings->limits.spans, 10);
  EXPECT_EQ(settings->traces.http.max_response_bytes, 2'097'152);
  EXPECT_EQ(settings->logs.upstream.http.max_response_bytes, 2'097'152);
  EXPECT_TRUE(settings->correct_clock_skew);
  EXPECT_EQ(settings->policy_json, R"({"rules":[1]})");
}

TEST(SettingsTest, NullsAreAbsent) {
  EXPECT_EQ(ErrorOf(Raw(R"({"timeout":null,"logs":null,"prices":null,"keepCookies":null})")),
            "no error");
  EXPECT_EQ(ErrorOf(Raw("null")), "no error");
}

TEST(SettingsTest, ErrorsNameTheKeyAndWhatItMayBe) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"traceStore":"elastic"})",
       "jsonData.traceStore is \"elastic\"; it may be one of: tempo, jaeger, zipkin"},
      {R"({"traceStore":1})", "jsonData.traceStore must be text"},
      {R"({"timeout":-1})", "jsonData.timeout must be a whole number from 0 to 86400, not -1"},
      {R"({"timeout":1.5})", "jsonData.timeout must be a whole number"},
      {R"({"timeout":"soon"})", "jsonData.timeout must be a whole number"},
      {R"({"timeout":1e300})", "jsonData.timeout must be a whole number"},
      {R"({"timeout":18446744073709551615})", "jsonData.timeout must be a whole number"},
      {R"({"tlsSkipVerify":"yes"})", "jsonData.tlsSkipVerify must be true or false, not text"},
      {R"({"keepCookies":"all"})", "jsonData.keepCookies must be a list of texts"},
      {R"({"keepCookies":[1]})", "jsonData.keepCookies must be a list of texts"},
      {R"({"logs":[]})", "jsonData.logs must be an object, not a list"},
      {R"({"logs":{"startShift":"soon"}})", "jsonData.logs.startShift is \"soon\" is no duration"},
      {R"({"logs":{"startShift":5}})", "jsonData.logs.startShift must be text"},
      {R"({"logs":{"maxRecords":0}})", "jsonData.logs.maxRecords must be a whole number from 1"},
      {R"({"logs":{"tags":[{"value":"x"}]}})", "jsonData.logs.tags[0].key is empty"},
      {R"({"logs":{"tags":["x"]}})", "jsonData.logs.tags must be a list of objects"},
      {R"({"logs":{"url":"loki:3100"}})", "jsonData.logs.url must be an address"},
      {R"({"logs":{"basicAuth":true}})", "jsonData.logs.basicAuthUser is empty"},
      {R"({"logs":{"tlsAuth":true}})", "secureJsonData.logsTlsClientCert is empty"},
      {R"({"tlsAuthWithCACert":true})", "secureJsonData.tlsCACert is empty"},
      {R"({"messages":{"history":"half"}})",
       "jsonData.messages.history is \"half\"; it may be one of: full, delta"},
      {R"({"messages":{"previewChars":0}})", "jsonData.messages.previewChars"},
      {R"({"prices":[{"model":"a"},{"input":1}]})", "jsonData.prices[1].model is empty"},
      {R"({"prices":[{"model":"a","input":-1}]})", "jsonData.prices[0].input must be a number"},
      {R"({"limits":{"spans":0}})", "jsonData.limits.spans"},
      {R"({"policy":"none"})", "jsonData.policy must be an object"},
      {R"({"httpHeaderName1":"bad name"})", "jsonData.httpHeaderName1 is \"bad name\""},
      {"[]", "jsonData is no JSON object"},
      {"{", "jsonData is no JSON object"},
      {"\"\xff\"", "jsonData is no JSON object"},
  };
  for (const auto& [json, expected] : cases) {
    EXPECT_THAT(ErrorOf(Raw(json)), HasSubstr(expected)) << json;
  }
}

TEST(SettingsTest, RefusesAHeaderValueThatWouldSplitTheRequest) {
  const std::string error =
      ErrorOf(Raw(R"({"httpHeaderName1":"X-A"})", {{"httpHeaderValue1", "a\r\nX-B: secret"}}));

  EXPECT_THAT(error, HasSubstr("jsonData.httpHeaderName1"));
  EXPECT_THAT(error, Not(HasSubstr("secret")));
}

TEST(SettingsTest, NeverQuotesAUrlBecauseItMayHoldAPassword) {
  RawSettings raw = Raw("");
  raw.url = "user:hunter2@tempo:3200";

  EXPECT_THAT(ErrorOf(raw), HasSubstr("url must be an address"));
  EXPECT_THAT(ErrorOf(raw), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace spanlog::settings
