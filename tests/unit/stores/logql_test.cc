#include "stores/loki/logql.h"

#include <gtest/gtest.h>

#include "stores/loki/query_template.h"

namespace spanlog::stores {
namespace {

const QueryVariables kVariables = {*ParseTraceId("abc"),
                                   {"web", "a.b|c"},
                                   {{"pod", "p-1"},
                                    {"evil", "x\"} | line_format \"`{{.}}"},
                                    {"multi", "one"},
                                    {"multi", "two"},
                                    {"tick", "a`b"},
                                    {"regex", ".*"},
                                    {"count", "7"},
                                    {"newline", "a\nb"},
                                    {"template", "{{ .password }}"},
                                    {"pattern", "<_>"}}};

std::string Fill(std::string_view query) {
  const absl::StatusOr<FilledQuery> filled = FillQuery(query, kVariables);
  return filled.ok() ? filled->text : "error: " + std::string(filled.status().message());
}

TEST(LogQlTest, QuotesStrings) {
  EXPECT_EQ(LogQlString("a\"b\\c\nd\te"), "\"a\\\"b\\\\c\\nd\\x09e\"");
  EXPECT_EQ(LogQlString("caf\xC3\xA9 `"), "\"caf\xC3\xA9 `\"");
  EXPECT_EQ(LogQlString("\xff"), "\"\xEF\xBF\xBD\"");
}

TEST(LogQlTest, MatchesServicesLiterally) {
  EXPECT_EQ(AnyOfMatcher("service_name", {"a.b", "c|d", "<e \"f\">"}),
            R"(service_name=~"a\\.b|c\\|d|<e \"f\">")");
}

TEST(LogQlTest, SpellsNamesAsLokiDoes) {
  EXPECT_EQ(LokiName("session.id"), "session_id");
  EXPECT_EQ(LokiName("a..b-c"), "a_b_c");
  EXPECT_EQ(LokiName("9lives"), "key_9lives");
}

TEST(LogQlTest, TellsASelectorFromAQuery) {
  EXPECT_TRUE(IsBareSelector(R"( {app="x", b=~"y}"} )"));
  EXPECT_TRUE(IsBareSelector("{a=`}`}"));
  EXPECT_TRUE(IsBareSelector(R"({a="\"}"})"));
  for (const char* query :
       {R"({app="x"} |= "y")", "", "{", R"({a="x)", "sum(rate({a=\"b\"}[1m]))"}) {
    EXPECT_FALSE(IsBareSelector(query)) << query;
  }
}

TEST(LogQlTest, PutsValuesIntoTheirPlaces) {
  EXPECT_EQ(Fill(R"({pod="${__span.tags["pod"]}"} |= "${__trace.traceId}")"),
            R"({pod="p-1"} |= "00000000000000000000000000000abc")");
  EXPECT_EQ(Fill(R"({pod="${__span.tags['pod']}"} |= `${__span.tags.pod}`)"),
            R"({pod="p-1"} |= `p-1`)");
  EXPECT_EQ(Fill(R"({s=~"${__trace.services}"})"), R"({s=~"web|a\\.b\\|c"})");
  EXPECT_EQ(Fill(R"({s=~"${__span.tags["multi"]}"} |= "${__span.tags["multi"]}")"),
            R"({s=~"one|two"} |= "one")");
  EXPECT_EQ(Fill(R"({a="b"} | n > ${__span.tags["count"]})"), R"({a="b"} | n > 7)");
}

TEST(LogQlTest, LetsNoValueEndItsString) {
  EXPECT_EQ(Fill(R"({pod="${__span.tags["evil"]}"})"), R"({pod="x\"} | line_format \"`{{.}}"})");
  EXPECT_EQ(Fill(R"({pod="${__span.tags["newline"]}"})"), R"({pod="a\nb"})");
  EXPECT_EQ(Fill(R"({pod=~"${__span.tags["regex"]}"})"), R"({pod=~"\\.\\*"})");
  EXPECT_EQ(Fill(R"({a="b"} |~ "${__span.tags["regex"]}")"), R"({a="b"} |~ "\\.\\*")");
  EXPECT_EQ(Fill(R"({pod=`${__span.tags["tick"]}`})").substr(0, 6), "error:");
  EXPECT_EQ(Fill(R"({a="b"} | n > ${__span.tags["evil"]})").substr(0, 6), "error:");
  EXPECT_EQ(Fill(R"({a="b"} | n > ${__span.tags["pod"]})").substr(0, 6), "error:");
}

TEST(LogQlTest, LetsNoValueBeAPatternOrATemplate) {
  EXPECT_EQ(Fill(R"({a="b"} |~ "x" or "${__span.tags["regex"]}")"),
            R"({a="b"} |~ "x" or "\\.\\*")");
  EXPECT_EQ(Fill(R"({a="b"} |= "x" or "${__span.tags["regex"]}")"), R"({a="b"} |= "x" or ".*")");
  EXPECT_EQ(Fill(R"q({a="b"} | regexp "(?P<x>${__span.tags["regex"]})")q"),
            R"q({a="b"} | regexp "(?P<x>\\.\\*)")q");
  EXPECT_EQ(Fill(R"({a="b"} | line_format "${__span.tags["pod"]}")"),
            R"({a="b"} | line_format "p-1")");
  for (const char* query : {R"({a="b"} | line_format "${__span.tags["template"]}")",
                            R"({a="b"} | json | label_format x="${__span.tags["template"]}")",
                            R"({a="b"} |> "${__span.tags["pattern"]}")",
                            R"({a="b"} | pattern `${__span.tags["pattern"]}`)"}) {
    EXPECT_EQ(Fill(query).substr(0, 6), "error:") << query;
  }
}

TEST(LogQlTest, TellsLineFiltersFromStagesThatTakeALineApart) {
  for (const char* query : {R"({a="b"})", R"({a="}"} |= "x" != `y` |~ "z" or "w" !~ "v" |> "u")"}) {
    EXPECT_TRUE(IsSelectorWithLineFilters(query)) << query;
  }
  for (const char* query :
       {R"({a="b"} | json)", R"({a="b"} |= "x" | line_format "y")", R"q({a="b"} |= ip("1.2.3.4"))q",
        R"({a="b"} |= "x)", "", "sum({a=\"b\"})", R"({a="b"} or "c")", R"({a="b"} | x="y")"}) {
    EXPECT_FALSE(IsSelectorWithLineFilters(query)) << query;
  }
}

TEST(LogQlTest, NamesWhatTheTraceDoesNotHave) {
  const auto filled = FillQuery(R"({pod="${__span.tags["none"]}"})", kVariables);
  ASSERT_TRUE(filled.ok());
  EXPECT_EQ(filled->missing, "__span.tags[\"none\"]");
}

TEST(LogQlTest, RefusesUnknownVariables) {
  for (const char* query : {"${nope}", "{a=\"${__trace.duration}\"}", "{a=\"${__span.tags}\"}",
                            "{a=\"${__span.tags[pod]}\"}", "{a=\"${__trace.traceId\"}"}) {
    EXPECT_FALSE(FillQuery(query, kVariables).ok()) << query;
  }
}

TEST(LogQlTest, KeepsTextThatOnlyLooksLikeAQuote) {
  EXPECT_EQ(Fill("{a=\"b\"} # it's a \"comment ${\n|= \"x\""),
            "{a=\"b\"} # it's a \"comment ${\n|= \"x\"");
  EXPECT_EQ(Fill(R"({a="\"${__span.tags["pod"]}"})"), R"({a="\"p-1"})");
}

}  // namespace
}  // namespace spanlog::stores
