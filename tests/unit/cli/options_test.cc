#include "cli/options.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "settings/query.h"
#include "settings/settings.h"

namespace spanlog::cli {
namespace {

std::variant<Options, Finished> Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "spanlog");
  return ParseOptions(static_cast<int>(words.size()), words.data());
}

Options Parsed(std::vector<const char*> words) {
  auto result = Parse(std::move(words));
  const auto* finished = std::get_if<Finished>(&result);
  EXPECT_EQ(finished, nullptr) << (finished == nullptr ? "" : finished->err);
  return finished == nullptr ? std::get<Options>(result) : Options();
}

Finished Refused(std::vector<const char*> words) {
  auto result = Parse(std::move(words));
  EXPECT_TRUE(std::holds_alternative<Finished>(result));
  return std::holds_alternative<Finished>(result) ? std::get<Finished>(result) : Finished();
}

TEST(OptionsTest, ReadsATraceAndItsStores) {
  const Options options = Parsed({"show", "abc", "--tempo", "http://t", "--loki", "http://l"});
  EXPECT_EQ(options.trace_id, "abc");
  EXPECT_EQ(options.trace_store, settings::TraceStoreKind::kTempo);
  EXPECT_EQ(options.traces_url, "http://t");
  EXPECT_EQ(options.logs_url, "http://l");
  EXPECT_FALSE(options.format.has_value());
  EXPECT_FALSE(options.history.has_value());
}

TEST(OptionsTest, KnowsEveryTraceStore) {
  EXPECT_EQ(Parsed({"show", "a", "--jaeger", "http://j"}).trace_store,
            settings::TraceStoreKind::kJaeger);
  EXPECT_EQ(Parsed({"show", "a", "--zipkin", "http://z"}).trace_store,
            settings::TraceStoreKind::kZipkin);
}

TEST(OptionsTest, ShowsEachMessageOnceInADocument) {
  EXPECT_EQ(Parsed({"show", "a", "--tempo", "u", "--transcript"}).history, "delta");
  EXPECT_EQ(Parsed({"show", "a", "--tempo", "u", "--jsonl", "--history", "full"}).history, "full");
}

TEST(OptionsTest, ReadsHowToDraw) {
  const Options options =
      Parsed({"show", "a", "--tempo", "u", "--color", "always", "--width", "80", "--json"});
  EXPECT_EQ(options.color, ColorChoice::kAlways);
  EXPECT_EQ(options.width, 80u);
  EXPECT_TRUE(options.json);
  EXPECT_EQ(Parsed({"show", "a", "--tempo", "u", "--color", "never"}).color, ColorChoice::kNever);
  EXPECT_EQ(Parsed({"show", "a", "--tempo", "u"}).color, ColorChoice::kAuto);
}

TEST(OptionsTest, RefusesAWrongCommandLineWithCodeTwo) {
  for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
           {},
           {"draw"},
           {"show"},
           {"show", "a"},
           {"show", "a", "--tempo"},
           {"show", "a", "--tempo", "u", "--jaeger", "u"},
           {"show", "a", "--tempo", "u", "--json", "--jsonl"},
           {"show", "a", "--tempo", "u", "--history", "some"},
           {"show", "a", "--tempo", "u", "--width", "3"},
           {"show", "a", "--tempo", "u", "--color", "pink"},
           {"show", "a", "--tempo", "u", "--header", "no colon"},
           {"show", "a", "--tempo", "u", "--plugin", "/no/such/file"},
           {"show", "a", "--tempo", "u", "--unknown"}}) {
    const Finished finished = Refused(words);
    EXPECT_EQ(finished.exit_code, 2);
    EXPECT_EQ(finished.out, "");
    EXPECT_EQ(finished.err.find("spanlog: "), 0u) << finished.err;
  }
}

TEST(OptionsTest, PrintsHelpAndVersionOnStandardOutput) {
  for (const std::vector<const char*>& words :
       std::vector<std::vector<const char*>>{{"--help"}, {"show", "--help"}, {"--version"}}) {
    const Finished finished = Refused(words);
    EXPECT_EQ(finished.exit_code, 0);
    EXPECT_NE(finished.out, "");
    EXPECT_EQ(finished.err, "");
  }
}

TEST(OptionsTest, MakesSettingsThatTheParserKnows) {
  const Options options =
      Parsed({"show", "a", "--jaeger", "http://j:16686", "--loki", "http://l:3100", "--header",
              "X-Scope-OrgID: one", "--header", "Authorization: Bearer x:y"});
  const auto settings = settings::ParseSettings(MakeRawSettings(options));
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->trace_store, settings::TraceStoreKind::kJaeger);
  EXPECT_EQ(settings->traces.url, "http://j:16686");
  EXPECT_EQ(settings->logs.upstream.url, "http://l:3100");
  const http::Headers expected = {{"X-Scope-OrgID", "one"}, {"Authorization", "Bearer x:y"}};
  EXPECT_EQ(settings->traces.http.headers, expected);
  EXPECT_EQ(settings->logs.upstream.http.headers, expected);
}

TEST(OptionsTest, MakesAQueryThatTheParserKnows) {
  const Options options =
      Parsed({"show", "ABC1", "--tempo", "u", "--history", "delta", "--lanes", "service"});
  const auto query = settings::ParseQuery(MakeQueryJson(options), "");
  ASSERT_TRUE(query.ok()) << query.status();
  EXPECT_EQ(query->kind, settings::QueryKind::kTrace);
  EXPECT_EQ(query->history, settings::History::kDelta);
  EXPECT_EQ(query->lanes, settings::Lanes::kService);
}

}  // namespace
}  // namespace spanlog::cli
