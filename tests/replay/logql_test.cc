#include "replay/logql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "replay/logql_lines.h"

namespace spanlog::replay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

LokiEntry Entry(std::string line, Labels metadata = {}) {
  LokiEntry entry;
  entry.stream = std::make_shared<const Labels>(Labels{{"app", "shop"}, {"env", "dev"}});
  entry.line = std::move(line);
  entry.metadata = std::move(metadata);
  return entry;
}

bool Takes(const std::string& query, LokiEntry entry) {
  const auto parsed = LogQuery::Parse(query);
  EXPECT_TRUE(parsed.ok()) << query << ": " << parsed.status();
  return parsed.ok() && parsed->Selects(*entry.stream) && parsed->Keep(entry);
}

TEST(LogQlTest, SelectorsMatchWholeValues) {
  EXPECT_TRUE(Takes("{app=\"shop\"}", Entry("")));
  EXPECT_TRUE(Takes("{app=~\"sh.p|x\", env!=\"prod\",}", Entry("")));
  EXPECT_FALSE(Takes("{app=~\"sho\"}", Entry("")));
  EXPECT_FALSE(Takes("{app=\"shop\", env!~\"d.*\"}", Entry("")));
  EXPECT_FALSE(Takes("{app=\"shop\", missing=\"x\"}", Entry("")));
  EXPECT_TRUE(Takes("{app=\"shop\", missing=\"\"}", Entry("")));
}

TEST(LogQlTest, LineFiltersLookInside) {
  EXPECT_TRUE(Takes("{app=\"shop\"} |= \"ell\" != `x`", Entry("hello")));
  EXPECT_FALSE(Takes("{app=\"shop\"} |= \"ELL\"", Entry("hello")));
  EXPECT_TRUE(Takes("{app=\"shop\"} |~ \"(?i)ELL\"", Entry("hello")));
  EXPECT_FALSE(Takes("{app=\"shop\"} !~ \"h.*o\"", Entry("hello")));
  EXPECT_TRUE(Takes("{app=\"shop\"} |= \"no\" or \"hell\"", Entry("hello")));
}

TEST(LogQlTest, LabelFiltersSeeMetadataAndLabels) {
  const LokiEntry entry = Entry("", {{"trace_id", "abc"}, {"span_id", "1"}});
  EXPECT_TRUE(Takes("{app=\"shop\"} | trace_id=\"abc\"", entry));
  EXPECT_TRUE(Takes("{app=\"shop\"} | traceID=\"abc\" or trace_id=`abc` # a comment\n| env=\"dev\"",
                    entry));
  EXPECT_FALSE(
      Takes("{app=\"shop\"} | trace_id=\"x\" or trace_id=\"abc\" and span_id=\"2\"", entry));
  EXPECT_TRUE(Takes("{app=\"shop\"} | (trace_id=\"x\" or trace_id=\"abc\"), span_id=\"1\"", entry));
  EXPECT_TRUE(Takes("{app=\"shop\"} | missing=\"\"", entry));
  EXPECT_FALSE(Takes("{app=\"shop\"} | trace_id=~\"ab\"", entry));
}

TEST(LogQlTest, ParsersAddLabels) {
  EXPECT_TRUE(Takes("{app=\"shop\"} | json | ctx_trace_id=\"abc\"",
                    Entry(R"({"ctx":{"trace-id":"abc"}})")));
  EXPECT_TRUE(
      Takes("{app=\"shop\"} | json | n=\"3\" | __error__=\"\"", Entry(R"({"n":3,"list":[1]})")));
  EXPECT_TRUE(Takes("{app=\"shop\"} | json | __error__=\"JSONParserErr\"", Entry("plain")));
  EXPECT_TRUE(Takes("{app=\"shop\"} | json | app_extracted=\"x\"", Entry(R"({"app":"x"})")));
  EXPECT_TRUE(Takes("{app=\"shop\"} | logfmt | trace_id=\"abc\"", Entry("a=1 trace_id=abc")));
  EXPECT_TRUE(Takes("{app=\"shop\"} | regexp `id=(?P<id>\\w+)` | id=\"abc\"", Entry("x id=abc y")));
}

TEST(LogQlTest, ReadsLogfmtWithQuotes) {
  EXPECT_THAT(ParseLogfmtLine("level=info msg=\"a \\\"b\\\" c\" word trace.id=1 empty="),
              ElementsAre(Pair("level", "info"), Pair("msg", "a \"b\" c"), Pair("trace_id", "1")));
}

TEST(LogQlTest, StringsHaveGosEscapes) {
  EXPECT_TRUE(
      Takes(R"({app="shop"} |= "a\"b\\c\td\u00e9\x21\101")", Entry("a\"b\\c\td\xc3\xa9!A")));
  EXPECT_TRUE(Takes("{app=\"shop\"} |= `a\\n`", Entry("a\\n")));
  EXPECT_FALSE(LogQuery::Parse("{app=\"a\\q\"}").ok());
  EXPECT_FALSE(LogQuery::Parse("{app='a'}").ok());
}

TEST(LogQlTest, RefusesWhatIsNoLogQl) {
  for (const char* query :
       {"", "{", "{app}", "{app=\"a\"", "{app=\"a\"} x", "{app=\"a\"} |",
        "{app=\"a\"} | b=", "{app=\"a\"} | (b=\"c\"", "{app=~\"(\"}", "app=\"a\""}) {
    const auto parsed = LogQuery::Parse(query);
    ASSERT_FALSE(parsed.ok()) << query;
    EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("parse error")) << query;
  }
}

}  // namespace
}  // namespace spanlog::replay
