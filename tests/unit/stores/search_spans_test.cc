// What searches tell of agents' runs, store by store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "stores/agent_spans.h"
#include "stores/summaries.h"
#include "stores/tempo/tempo.h"
#include "support/fake_client.h"

namespace spanlog::stores {
namespace {

using testing::Answer;
using testing::Asked;
using ::testing::Contains;
using testing::FakeClient;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr char kFacts[] = R"({"traces":[{"traceID":"ab12","spanSets":[{"matched":7,"spans":[
  {"spanID":"01","name":"invoke_agent","startTimeUnixNano":"1000","durationNanos":"90","attributes":[
    {"key":"gen_ai.operation.name","value":{"stringValue":"invoke_agent"}},
    {"key":"status","value":{"stringValue":"error"}}]},
  {"spanID":"02","name":"chat","startTimeUnixNano":"1010","durationNanos":"10","attributes":[
    {"key":"span:parentID","value":{"stringValue":"0000000000000001"}},
    {"key":"gen_ai.usage.input_tokens","value":{"intValue":"12"}}]}]}]}]})";
constexpr char kContent[] = R"({"traces":[
  {"traceID":"ab12","spanSets":[{"matched":1,"spans":[{"spanID":"02","attributes":[
    {"key":"gen_ai.input.messages","value":{"stringValue":"[]"}}]}]}]},
  {"traceID":"ff","spanSets":[{"matched":1,"spans":[{"spanID":"09","attributes":[
    {"key":"input.value","value":{"stringValue":"no agent"}}]}]}]}]})";

class TempoAgentsTest : public ::testing::Test {
 protected:
  absl::Status Ask(bool with_content) {
    return tempo_.AddAgentSpans({"{}", 0, 0, 20}, with_content, found_, {});
  }
  static TraceSummary Hit(const char* id, int64_t start_ns) {
    TraceSummary hit;
    hit.id = *ParseTraceId(id);
    hit.start_ns = start_ns;
    hit.duration_ms = 500;
    return hit;
  }

  std::function<http::Response(const Asked&)> answer_ = [](const Asked& asked) {
    const bool content = spanlog::Contains(asked.params.at("q"), "span.user_prompt!=nil");
    return Answer(200, content ? kContent : kFacts);
  };
  std::shared_ptr<FakeClient> client_ =
      std::make_shared<FakeClient>([this](const Asked& asked) { return answer_(asked); });
  Tempo tempo_{"http://tempo:3200", client_};
  std::vector<TraceSummary> found_ = {Hit("ab12", 20'000'000'000), Hit("ff", 10'000'000'000)};
};

TEST_F(TempoAgentsTest, AsksOnceForTheCallsOfAllFoundTraces) {
  ASSERT_TRUE(Ask(false).ok());
  ASSERT_EQ(client_->asked.size(), 1u);
  const auto& params = client_->asked[0].params;
  EXPECT_THAT(params.at("q"), HasSubstr("trace:id=\"0000000000000000000000000000ab12\""));
  EXPECT_THAT(params.at("q"), HasSubstr("trace:id=\"ab12\"")) << "Tempo drops leading zeros";
  EXPECT_THAT(params.at("q"), HasSubstr("| select(name, status, span:parentID,span.gen_ai."));
  EXPECT_EQ(params.at("spss"), "100");
  EXPECT_EQ(params.at("start"), "9");
  EXPECT_EQ(params.at("end"), "22");
  EXPECT_LT(client_->asked[0].raw_url.size(), 8000u);

  const TraceSummary& run = found_[0];
  ASSERT_EQ(run.spans.size(), 2u);
  EXPECT_TRUE(run.spans[0].error);
  EXPECT_EQ(run.spans[1].parent, 1u);
  EXPECT_EQ(run.spans[1].end_ns, 1020);
  EXPECT_THAT(run.spans[1].attributes, Contains(Pair("gen_ai.usage.input_tokens", "12")));
  EXPECT_TRUE(run.spans_cut) << "7 matched, 2 told";
  EXPECT_TRUE(found_[1].spans.empty());
}

TEST_F(TempoAgentsTest, AsksForContentOnlyWhereAnAgentWasAndOnlyIfItMayBeShown) {
  ASSERT_TRUE(Ask(true).ok());
  ASSERT_EQ(client_->asked.size(), 2u);
  EXPECT_THAT(found_[0].spans[1].attributes, Contains(Pair("gen_ai.input.messages", "[]")));
  EXPECT_TRUE(found_[1].spans.empty()) << "an input.value alone makes no agent";

  client_->asked.clear();
  found_ = {Hit("ff", 10)};
  ASSERT_TRUE(Ask(true).ok());
  EXPECT_EQ(client_->asked.size(), 1u) << "no agent's span, no content";
}

TEST_F(TempoAgentsTest, AnOldTempoIsAskedWithoutWhatItDoesNotKnow) {
  answer_ = [](const Asked& asked) {
    if (spanlog::Contains(asked.params.at("q"), "trace:id")) {
      return Answer(400, "invalid TraceQL query: parse error", "text/plain");
    }
    return Answer(200, kFacts);
  };
  ASSERT_TRUE(Ask(false).ok());
  ASSERT_EQ(client_->asked.size(), 2u);
  EXPECT_THAT(client_->asked[1].params.at("q"), Not(HasSubstr("span:parentID")));
  EXPECT_EQ(found_[0].spans.size(), 2u);
}

TEST_F(TempoAgentsTest, AFailureIsToldAndAsksNothingMore) {
  answer_ = [](const Asked&) { return Answer(500, "out of memory", "text/plain"); };
  EXPECT_THAT(std::string(Ask(true).message()), HasSubstr("out of memory"));
  EXPECT_EQ(client_->asked.size(), 1u);
}

TEST_F(TempoAgentsTest, ManyTracesAreAskedForInFewRequestsThatProxiesTake) {
  found_.clear();
  for (int i = 0; i < 250; ++i)
    found_.push_back(Hit(Concat("a", 100000 + i).c_str(), 1'000'000'000));
  ASSERT_TRUE(Ask(false).ok());
  EXPECT_EQ(client_->asked.size(), 2u) << "the newest 100";
  for (const Asked& asked : client_->asked) EXPECT_LT(asked.raw_url.size(), 16'000u);
}

TEST_F(TempoAgentsTest, NothingFoundAsksNothing) {
  found_.clear();
  ASSERT_TRUE(Ask(true).ok());
  EXPECT_TRUE(client_->asked.empty());
}

SummarySpan SpanOf(uint64_t id, uint64_t parent,
                   std::vector<std::pair<std::string, std::string>> attributes) {
  return {id, parent, "s", false, 10, 20, std::move(attributes)};
}

TEST(SummariesTest, KeepAgentsSpansUnderTheNearestAgentsSpan) {
  Summaries summaries;
  const TraceId id = *ParseTraceId("1");
  summaries.Add(id, "svc", true, SpanOf(1, 0, {{"gen_ai.operation.name", "invoke_agent"}}));
  summaries.Add(id, "svc", false, SpanOf(2, 1, {{"http.method", "POST"}}));
  summaries.Add(id, "svc", false, SpanOf(3, 2, {{"gen_ai.operation.name", "chat"}}));
  const std::vector<TraceSummary> found = summaries.Take();
  ASSERT_EQ(found.at(0).spans.size(), 2u);
  EXPECT_EQ(found[0].spans[1].id, 3u);
  EXPECT_EQ(found[0].spans[1].parent, 1u) << "through the HTTP span";
}

TEST(SummariesTest, CountErrorsAndSurviveACycleOfParents) {
  Summaries summaries;
  const TraceId id = *ParseTraceId("1");
  SummarySpan failed = SpanOf(1, 2, {});
  failed.error = true;
  summaries.Add(id, "svc", false, failed);
  summaries.Add(id, "svc", false, SpanOf(2, 1, {}));
  summaries.Add(id, "svc", false, SpanOf(3, 2, {{"gen_ai.tool.name", "t"}}));
  const std::vector<TraceSummary> found = summaries.Take();
  EXPECT_EQ(found.at(0).errors, 1);
  EXPECT_EQ(found[0].spans.at(0).parent, 0u);
}

// Took minutes when each span walked up the chain.
TEST(SummariesTest, LinkManySpansBelowALongChain) {
  constexpr uint64_t kMany = 50'000;
  std::vector<std::pair<uint64_t, uint64_t>> parents;
  std::vector<SummarySpan> spans(kMany + 1);
  spans[0].id = 1;
  for (uint64_t i = 1; i <= kMany; ++i) {
    parents.emplace_back(i, i - 1);
    parents.emplace_back(kMany + i, kMany);
    spans[i].id = kMany + i;
    spans[i].parent = kMany;
  }
  LinkToNearest(parents, spans);
  for (uint64_t i = 1; i <= kMany; ++i) ASSERT_EQ(spans[i].parent, 1u);
}

// Took minutes when each span was looked for among all before it.
TEST_F(TempoAgentsTest, TakesManySpansOfOneTraceInManyPieces) {
  constexpr int kMany = 30'000;
  std::string traces;
  for (int i = 0; i < kMany; ++i) {
    Append(traces, i == 0 ? "" : ",", R"({"traceID":"ab12","spanSet":{"spans":[{"spanID":")",
           i / 2 + 1,
           R"(","attributes":[{"key":"gen_ai.tool.name","value":{"stringValue":"t"}}]}]}})");
  }
  answer_ = [&](const Asked&) { return Answer(200, Concat(R"({"traces":[)", traces, "]}")); };
  ASSERT_TRUE(Ask(false).ok());
  ASSERT_EQ(found_[0].spans.size(), kMany / 2u);
  EXPECT_EQ(found_[0].spans.back().attributes.size(), 1u);
}

TEST_F(TempoAgentsTest, TimesThatDoNotFitOverflowNothing) {
  answer_ = [](const Asked&) {
    return Answer(200, R"({"traces":[{"traceID":"ab12","spanSets":[{"spans":[{"spanID":"01",
      "name":"invoke_agent","startTimeUnixNano":"9223372036854775807",
      "durationNanos":"9223372036854775807","attributes":[
        {"key":"gen_ai.operation.name","value":{"stringValue":"invoke_agent"}}]}]}]}]})");
  };
  found_ = {Hit("ab12", 9'000'000'000'000'000'000)};
  found_[0].duration_ms = 9'000'000'000'000'000'000;
  ASSERT_TRUE(Ask(false).ok());
  ASSERT_EQ(found_[0].spans.size(), 1u);
  EXPECT_EQ(found_[0].spans[0].end_ns, 9'223'372'036'854'775'807);
}

}  // namespace
}  // namespace spanlog::stores
