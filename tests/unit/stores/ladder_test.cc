#include "stores/loki/ladder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spanlog::stores {
namespace {

const settings::LogSettings kNoSettings;

LogSearch Search(const char* id = "8dfb321156ca3b8ae1e61dc10d85110a") {
  LogSearch search;
  search.trace_id = *ParseTraceId(id);
  search.services = {"web", "stock"};
  return search;
}

TEST(LadderTest, SelectsTheServicesOfTheTrace) {
  const LogSearch search = Search();
  EXPECT_EQ(Ladder(search, kNoSettings).Selector(), R"({service_name=~"web|stock"})");
  EXPECT_EQ(Ladder(search, kNoSettings).Selector({"web"}), R"({service_name=~"web"})");
  EXPECT_EQ(Ladder(search, kNoSettings).Selector({}), R"({service_name=~".+"})");
}

TEST(LadderTest, UsesTheLabelsThatTheSettingsName) {
  LogSearch search = Search();
  search.attributes = {{"k8s.namespace.name", "prod"}, {"k8s.namespace.name", "test"}};
  settings::LogSettings settings;
  settings.tags = {{"service.name", "app"}, {"k8s.namespace.name", ""}, {"no.such", "x"}};
  const Ladder ladder(search, settings);
  EXPECT_EQ(ladder.service_label(), "app");
  EXPECT_EQ(ladder.Selector(), R"({app=~"web|stock", k8s_namespace_name=~"prod|test"})");
}

TEST(LadderTest, DoesNotNameThousandsOfServices) {
  LogSearch search = Search();
  search.services.assign(5000, "a-service-with-a-long-name");
  EXPECT_EQ(Ladder(search, kNoSettings).Selector(), R"({service_name=~".+"})");
}

TEST(LadderTest, AsksForALongIdInOneSpelling) {
  const LogSearch search = Search();
  const Ladder ladder(search, kNoSettings);
  EXPECT_EQ(ladder.ByMetadata("{s}"), R"({s} | trace_id="8dfb321156ca3b8ae1e61dc10d85110a")");
  EXPECT_EQ(ladder.ByLine("{s}"), R"({s} |= "e1e61dc10d85110a")");
  EXPECT_EQ(ladder.ByLabel().front(), R"({trace_id="8dfb321156ca3b8ae1e61dc10d85110a"})");
  EXPECT_FALSE(ladder.short_id());
}

TEST(LadderTest, AsksForAShortIdInAllItsLengths) {
  const LogSearch search = Search("0a9d4d8a928d8db1");
  const Ladder ladder(search, kNoSettings);
  EXPECT_TRUE(ladder.short_id());
  EXPECT_EQ(ladder.ByMetadata("{s}"),
            R"({s} | trace_id="00000000000000000a9d4d8a928d8db1" or trace_id="0a9d4d8a928d8db1")"
            R"( or trace_id="a9d4d8a928d8db1")");
  EXPECT_EQ(ladder.ByLabel().front(), R"({trace_id=~"0*a9d4d8a928d8db1"})");
}

TEST(LadderTest, LooksBehindANamespaceForServicesThatAreSilent) {
  LogSearch search = Search();
  EXPECT_EQ(Ladder(search, kNoSettings).WideSelector({"web", "a.b"}),
            R"q({service_name=~"(.+/)?(web|a\\.b)"})q");
}

TEST(LadderTest, KnowsTheIdInUpperCaseWithDashesAndInDecimal) {
  const LogSearch search = Search();
  EXPECT_EQ(Ladder(search, kNoSettings).ByLineInAnySpelling("{s}"),
            R"({s} |~ "(?i)e1e61dc10d85110a|e1e6-1dc10d85110a|16277730618169954570")");
  EXPECT_THAT(Ladder(search, kNoSettings).ByOtherMetadata("{s}"),
              ::testing::EndsWith(R"(or dd_trace_id="16277730618169954570")"));
}

TEST(LadderTest, LooksForAShortIdInLinesWithoutItsLeadingZeros) {
  LogSearch search = Search("0a9d4d8a928d8db1");
  EXPECT_EQ(Ladder(search, kNoSettings).ByLine("{s}"), R"({s} |= "a9d4d8a928d8db1")");
  search = Search("1");
  EXPECT_EQ(Ladder(search, kNoSettings).ByLine("{s}"), R"({s} |= "0000000000000001")");
  EXPECT_EQ(Ladder(search, kNoSettings).ByLineInAnySpelling("{s}"),
            R"({s} |~ "(?i)0000000000000001")");
}

TEST(LadderTest, AsksForTheDatasourcesOwnKeys) {
  const LogSearch search = Search();
  settings::LogSettings settings;
  settings.trace_id_keys = {"corr.id"};
  const Ladder ladder(search, settings);
  EXPECT_THAT(ladder.ByMetadata("{s}"),
              ::testing::EndsWith(R"( or corr_id="8dfb321156ca3b8ae1e61dc10d85110a")"));
  EXPECT_THAT(ladder.ByLabel(),
              ::testing::Contains(R"({corr_id="8dfb321156ca3b8ae1e61dc10d85110a"})"));
}

TEST(LadderTest, LooksForSessionsInLinesWhereTheirIdsAreLongEnough) {
  LogSearch search = Search();
  search.attributes = {{"session.id", "s1"}};
  EXPECT_EQ(Ladder(search, kNoSettings).BySessionInLine("{s}"), "");
  search.attributes = {{"session.id", "session-1(a)"},
                       {"gen_ai.conversation.id", "session-1(a)"},
                       {"prompt.id", "prompt-0001"}};
  EXPECT_EQ(Ladder(search, kNoSettings).BySessionInLine("{s}"),
            R"q({s} |~ "session-1\\(a\\)" |~ "prompt-0001")q");
}

TEST(LadderTest, JoinsByTheSessionKeysOfTheSpans) {
  LogSearch search = Search();
  EXPECT_EQ(Ladder(search, kNoSettings).BySession("{s}"), "");
  search.attributes = {{"session.id", "s\"1"}, {"prompt.id", "p1"}, {"prompt.id", "p2"}};
  EXPECT_EQ(Ladder(search, kNoSettings).BySession("{s}"),
            R"({s} | session_id="s\"1" | prompt_id="p1" or prompt_id="p2")");
  search.attributes = {{"gen_ai.conversation.id", "c"}};
  EXPECT_EQ(Ladder(search, kNoSettings).BySession("{s}"),
            R"({s} | gen_ai_conversation_id="c" or conversation_id="c" or session_id="c")");
}

TEST(LadderTest, TakesNoThreadOfTheOperatingSystemForAConversation) {
  LogSearch search = Search();
  search.attributes = {{"thread.id", "42"}};
  EXPECT_EQ(Ladder(search, kNoSettings).BySession("{s}"), "");
  EXPECT_FALSE(Ladder(search, kNoSettings).has_narrow_key());
  search.attributes = {{"thread.id", "thread_abc"}};
  EXPECT_EQ(Ladder(search, kNoSettings).BySession("{s}"), R"({s} | thread_id="thread_abc")");
}

TEST(LadderTest, KnowsModelCallsByTheirAttributes) {
  LogSearch search = Search();
  EXPECT_FALSE(Ladder(search, kNoSettings).has_model_calls());
  search.attributes = {{"gen_ai.request.model", "m"}};
  EXPECT_TRUE(Ladder(search, kNoSettings).has_model_calls());
}

}  // namespace
}  // namespace spanlog::stores
