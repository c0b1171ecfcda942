#include "query/reader_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "fake_stores.h"
#include "query/searched_names.h"

namespace spanlog::query {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Reader Viewer() {
  Reader viewer;
  viewer.login = "v";
  viewer.role = "Viewer";
  return viewer;
}

policy::Policy PolicyOf(std::string_view json) { return *policy::ParsePolicy(json); }

constexpr std::string_view kHides = R"({"levels": {"Viewer": "metadata"}})";
constexpr std::string_view kRedacts = R"({"redact": [{"builtin": "emails"}]})";

bool MayAsk(std::string_view policy, settings::Query query) {
  const World world({}, PolicyOf(policy));
  return CheckQuestion(*world.datasource, Viewer(), query).ok();
}

settings::Query LogsQuery(std::string_view text) {
  settings::Query query;
  query.logs_query = std::string(text);
  return query;
}

settings::Query Search(std::string_view text) {
  settings::Query query;
  query.kind = settings::QueryKind::kSearch;
  query.text = std::string(text);
  return query;
}

TEST(ReaderPolicyTest, LogQlThatTakesLinesApartIsNotForReadersOfRedactedTexts) {
  EXPECT_TRUE(MayAsk(kRedacts, LogsQuery(R"({app="x"} |= "a" or "b" != `c`)")));
  EXPECT_TRUE(MayAsk("", LogsQuery(R"({app="x"} | line_format "{{b64enc __line__}}")")));
  for (const char* query :
       {R"({app="x"} | line_format "{{b64enc __line__}}")", R"({app="x"} | json a="b")",
        R"({app="x"} |= "a" | regexp "(?P<a>.*)@")", R"({app="x"} |= "}" | logfmt)", "x"}) {
    EXPECT_FALSE(MayAsk(kRedacts, LogsQuery(query))) << query;
    EXPECT_FALSE(MayAsk(kHides, LogsQuery(query))) << query;
  }
}

TEST(ReaderPolicyTest, WhoMayNotSeeLinesMayNotGuessThemByFilters) {
  EXPECT_TRUE(MayAsk(kHides, LogsQuery(R"({app="x", b=~"y|z"})")));
  EXPECT_FALSE(MayAsk(kHides, LogsQuery(R"({app="x"} |= "secret")")));
}

TEST(ReaderPolicyTest, WhoMayNotSeeContentMayNotSearchByIt) {
  EXPECT_TRUE(
      MayAsk(kHides, Search("{ resource.service.name = \"input.value\" && duration > 1s }")));
  EXPECT_TRUE(MayAsk("", Search("{ span.gen_ai.prompt =~ \"a.*\" }")));
  for (const char* query :
       {"{ span.gen_ai.prompt =~ \"a.*\" }", "{ .input.value = \"x\" }",
        "{ span.\"gen_ai.input.messages\" =~ \".\" }", "{ event.exception.message = \"x\" }",
        "{ status = error } | select(span.gen_ai.completion)", "service=a input.value=x",
        "service=a \"input.value\"=x", "{ parent.span.input.value = \"x\" }",
        "{ span.\"gen_ai\\u002eprompt\" = \"x\" }"}) {
    EXPECT_FALSE(MayAsk(kHides, Search(query))) << query;
  }
}

TEST(ReaderPolicyTest, FindsTheNamesOfASearch) {
  EXPECT_THAT(SearchedNames("{ span.a.b = \"c d\" && .\"e f\"=1 } | select(g)"),
              ElementsAre("span.a.b", ".e f", "1", "select", "g"));
}

absl::StatusOr<std::vector<std::string>> Values(std::string_view policy, std::string_view key,
                                                std::vector<std::string> values) {
  const World world({}, PolicyOf(policy));
  return VisibleValues(*world.datasource, Viewer(), key, std::move(values));
}

TEST(ReaderPolicyTest, ListsOfContentAreWithheld) {
  const auto denied = Values(kHides, "span.gen_ai.prompt", {"hello"});
  EXPECT_TRUE(absl::IsPermissionDenied(denied.status()));
  EXPECT_THAT(std::string(denied.status().message()), HasSubstr("content level is metadata"));
  EXPECT_THAT(*Values(kHides, "resource.service.name", {"web"}), ElementsAre("web"));
  EXPECT_THAT(*Values(kHides, "span.mine", {"short", std::string(100, 'x')}), ElementsAre("short"));
}

TEST(ReaderPolicyTest, ListsLeaveOutWhatARuleNames) {
  EXPECT_THAT(*Values(kRedacts, "span.user", {"jo@example.org", "jo"}), ElementsAre("jo"));
  EXPECT_TRUE(absl::IsPermissionDenied(
      Values(R"({"redact": [{"attribute": "user.*"}]})", "span.user.email", {"x"}).status()));
}

TEST(ReaderPolicyTest, ErrorsAreRedactedAndKeepTheirFacts) {
  const World world({}, PolicyOf(kRedacts));
  const absl::Status status = VisibleError(
      *world.datasource, Viewer(),
      DownstreamError(absl::StatusCode::kUnavailable, "no such user jo@example.org", 503));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("jo@")));
  EXPECT_TRUE(IsDownstream(status));
  EXPECT_EQ(UpstreamHttpStatus(status), 503);
}

TEST(ReaderPolicyTest, ContentOutsideOfATraceFollowsTheLevel) {
  const World world({}, PolicyOf(R"({"levels": {"Viewer": "preview"}, "previewChars": 4,
                                     "redact": [{"builtin": "emails"}]})"));
  EXPECT_EQ(VisibleContent(*world.datasource, Viewer(), "to jo@example.org"),
            "to [… [withheld by policy]");
  EXPECT_EQ(VisibleName(*world.datasource, Viewer(), "GET jo@example.org"), "GET [e-mail removed]");
}

TEST(ReaderPolicyTest, RulesReachWhatASearchFound) {
  const World world({}, PolicyOf(R"({"redact": [{"attribute": "input.value"}, {"builtin": "emails"},
                                                {"jsonPath": "*.content"}]})"));
  std::vector<stores::TraceSummary> found(1);
  found[0].attributes = {{"input.value", "SECRET"}};
  found[0].spans.resize(1);
  found[0].spans[0].name = "chat with jo@example.org";
  found[0].spans[0].attributes = {{"gen_ai.input.messages", R"([{"content":"SECRET"}])"}};
  RedactFound(*world.datasource, Viewer(), found);
  EXPECT_EQ(found[0].attributes[0].second, "[removed]");
  EXPECT_EQ(found[0].spans[0].name, "chat with [e-mail removed]");
  EXPECT_EQ(found[0].spans[0].attributes[0].second, R"([{"content":"[removed]"}])");
}

// A title is made of the first words: what is cut there must be redacted before.
TEST(ReaderPolicyTest, NoTitleShowsTheBeginningOfARedactedText) {
  settings::Settings settings;
  settings.messages.preview_chars = 20;
  World world(settings, PolicyOf(kRedacts));
  world.traces->fetch = [](const TraceId& id) { return OneSpanTrace(id); };
  world.logs->fetch = [](const stores::LogSearch&) {
    return Batch({Record("please write to jo.doe@example.org")});
  };
  const auto woven = WeaveTrace(*world.datasource, world.query, Viewer(), world.context);
  ASSERT_TRUE(woven.ok());
  ASSERT_EQ(woven->rows.size(), 2u);
  EXPECT_THAT(std::string(woven->rows[1].operation_name), Not(HasSubstr("jo")));
}

// Rules by attribute and by path name where a text was sent; its message goes with it.
TEST(ReaderPolicyTest, NoMessageOutlivesTheAttributeItWasReadFrom) {
  for (const char* policy : {R"({"redact": [{"attribute": "gen_ai.input.messages"}]})",
                             R"({"redact": [{"jsonPath": "*.parts.*.content"}]})"}) {
    World world({}, PolicyOf(policy));
    static const Attribute attributes[] = {
        {"gen_ai.operation.name", Value::String("chat")},
        {"gen_ai.input.messages",
         Value::String(R"([{"role":"user","parts":[{"type":"text","content":"SECRET"}]}])")}};
    world.traces->fetch = [](const TraceId& id) {
      Trace trace = OneSpanTrace(id);
      trace.spans[0].attributes = attributes;
      return trace;
    };
    const auto woven = WeaveTrace(*world.datasource, world.query, Viewer(), world.context);
    ASSERT_TRUE(woven.ok());
    for (const weave::Row& row : woven->rows) {
      EXPECT_THAT(std::string(row.operation_name), Not(HasSubstr("SECRET")));
      for (const weave::Tag& tag : row.tags) {
        EXPECT_THAT(std::string(tag.value.text()), Not(HasSubstr("SECRET"))) << policy;
      }
      for (const Attribute& attribute : row.attributes) {
        EXPECT_THAT(std::string(attribute.value.text()), Not(HasSubstr("SECRET"))) << policy;
      }
    }
  }
}

}  // namespace
}  // namespace spanlog::query
