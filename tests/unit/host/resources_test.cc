#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "base/text.h"
#include "host/resources/lists.h"
#include "host/resources/router.h"
#include "host/resources/routes.h"
#include "tests/unit/host/fakes.h"

namespace spanlog::host {
namespace {

using ::testing::HasSubstr;

TEST(RouterTest, TakesPathAndParametersApart) {
  const ResourceRequest request = ParseResourceRequest(
      "GET", "/tag-values/", "tag-values?tag=span.a%2Bb&x=1&x=2&y=%zz&e&name=a+b%20c&&=v#frag");

  EXPECT_EQ(request.path, "tag-values");
  EXPECT_EQ(request.Param("tag"), "span.a+b");
  EXPECT_EQ(request.Param("x"), "1");
  EXPECT_EQ(request.Param("y"), "%zz");
  EXPECT_EQ(request.Param("e"), "");
  EXPECT_EQ(request.Param("name"), "a b c");
  EXPECT_EQ(request.Param("none"), "");
  EXPECT_EQ(ParseResourceRequest("GET", "p", "p?a=%ff").Param("a"), "\uFFFD");
}

TEST(RouterTest, FindsExactPathsOnly) {
  const std::vector<Route> routes = AllRoutes();
  EXPECT_NE(FindRoute(routes, "tags"), nullptr);
  for (const char* path : {"", "tag", "tags/x", "../tags", "TAGS"}) {
    EXPECT_EQ(FindRoute(routes, path), nullptr) << path;
  }
}

TEST(RouterTest, ErrorsAreJsonWithBothUsualNames) {
  const ResourceReply reply =
      ErrorReplyJson(DownstreamError(absl::StatusCode::kPermissionDenied, "no \"way\"", 403));

  EXPECT_EQ(reply.code, 403);
  EXPECT_EQ(nlohmann::json::parse(reply.body)["message"], "no \"way\"");
  EXPECT_EQ(nlohmann::json::parse(reply.body)["error"], "no \"way\"");
}

class ListsTest : public ::testing::Test {
 protected:
  absl::StatusOr<ResourceReply> Call(const std::string& path, const std::string& params = "") {
    const std::vector<Route> routes = AllRoutes();
    const Route* route = FindRoute(routes, path);
    EXPECT_NE(route, nullptr) << path;
    if (route == nullptr) return absl::NotFoundError("no route");
    return route->handler(ParseResourceRequest("GET", path, path + "?" + params), backend_, facts_);
  }

  FakeBackend backend_;
  RequestFacts facts_;
};

TEST_F(ListsTest, EveryListAsksItsStoreAndAnswersSortedValuesWithoutDoubles) {
  std::string asked;
  const auto list = [&](const std::string& what, const auto&) {
    asked = what;
    return absl::StatusOr<std::vector<std::string>>({"b", "a", "b"});
  };
  backend_.trace_store->list = list;
  backend_.log_store->list = list;
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"tags", "", "tags"},
      {"tag-values", "tag=span.x", "values of span.x"},
      {"services", "start=1&end=2", "services"},
      {"operations", "service=shop", "operations of shop"},
      {"operations", "", "operations of "},
      {"log-labels", "", "labels"},
      {"log-label-values", "name=app", "values of app"},
  };
  for (const auto& [path, params, expected] : cases) {
    const auto reply = Call(path, params);
    ASSERT_TRUE(reply.ok()) << path << ": " << reply.status();
    EXPECT_EQ(reply->body, R"({"values":["a","b"]})") << path;
    EXPECT_EQ(asked, expected);
  }
}

TEST_F(ListsTest, AnEmptyListIsNoNull) { EXPECT_EQ(Call("services")->body, R"({"values":[]})"); }

TEST_F(ListsTest, SayWhichParameterIsMissing) {
  EXPECT_THAT(std::string(Call("tag-values").status().message()), HasSubstr("`tag`"));
  EXPECT_THAT(std::string(Call("log-label-values").status().message()), HasSubstr("`name`"));
  EXPECT_EQ(query::ToErrorReply(Call("tag-values").status()).status, 400);
}

TEST_F(ListsTest, SayWhenNoStoreIsConfigured) {
  backend_.trace_store = nullptr;
  backend_.log_store = nullptr;
  for (const char* path : {"tags", "tag-values", "services", "operations"}) {
    EXPECT_THAT(std::string(Call(path).status().message()), HasSubstr("No trace store"));
  }
  EXPECT_THAT(std::string(Call("log-labels").status().message()), HasSubstr("No log store"));
}

TEST_F(ListsTest, EachStoreSeesOnlyItsOwnHeaders) {
  backend_.parsed.traces.oauth_pass_thru = true;
  facts_.headers = {{"Authorization", "Bearer t"}};
  size_t traces = 0, logs = 9;
  backend_.trace_store->list = [&](const std::string&, const stores::RequestContext& context) {
    traces = context.forwarded_headers.size();
    return absl::StatusOr<std::vector<std::string>>(std::vector<std::string>{});
  };
  backend_.log_store->list = [&](const std::string&, const stores::RequestContext& context) {
    logs = context.forwarded_headers.size();
    return absl::StatusOr<std::vector<std::string>>(std::vector<std::string>{});
  };
  EXPECT_TRUE(Call("tags").ok());
  EXPECT_TRUE(Call("log-labels").ok());
  EXPECT_EQ(traces, 1u);
  EXPECT_EQ(logs, 0u);
}

TEST_F(ListsTest, ATranscriptIsTheRunInTheFormatAskedFor) {
  settings::Query asked;
  backend_.weave = [&](const settings::Query& query) {
    asked = query;
    weave::Woven woven;
    woven.trace_id = "abc";
    return absl::StatusOr<weave::Woven>(std::move(woven));
  };
  const std::pair<const char*, const char*> formats[] = {
      {"", "text/plain"}, {"&format=markdown", "text/markdown"}, {"&format=jsonl", "ndjson"}};
  for (const auto& [params, type] : formats) {
    const auto reply = Call("transcript", Concat("traceId=abc&start=5&end=9", params));
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_THAT(reply->content_type, HasSubstr(type));
  }
  EXPECT_EQ(asked.trace_text, "abc");
  EXPECT_EQ(asked.history, settings::History::kDelta)
      << "each message once, unless asked otherwise";
  EXPECT_EQ(asked.from_ms, 5000);
  EXPECT_EQ(asked.to_ms, 9000);
  EXPECT_TRUE(Call("transcript", "traceId=abc&history=full&logs=messages&minLevel=warn").ok());
  EXPECT_EQ(asked.history, settings::History::kFull);
  EXPECT_EQ(asked.logs, settings::LogRows::kMessages);
  EXPECT_EQ(asked.min_level, Level::kWarn);
}

TEST_F(ListsTest, ATranscriptSaysWhatIsWrongWithItsParameters) {
  for (const char* params :
       {"", "traceId=xyz", "traceId={}", "traceId=abc&format=pdf", "traceId=abc&logs=x"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Call("transcript", params).status())) << params;
  }
  EXPECT_TRUE(absl::IsNotFound(Call("transcript", "traceId=abc").status()));
}

}  // namespace
}  // namespace spanlog::host
