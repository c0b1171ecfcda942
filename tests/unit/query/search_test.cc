#include "query/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "fake_stores.h"
#include "frame/arrow_reader.h"

namespace spanlog::query {
namespace {

using testing::HasSubstr;

frame::FrameColumns Found(const World& world, const Reader& reader = {}) {
  const auto answer = RunSearch(*world.datasource, world.query, "A", reader, world.context);
  EXPECT_TRUE(answer.ok()) << answer.status();
  auto columns = frame::ReadArrowFile(answer->frames.at(0).Flatten());
  EXPECT_TRUE(columns.ok()) << columns.status();
  return *std::move(columns);
}

const frame::FrameColumn* ColumnOf(const frame::FrameColumns& frame, std::string_view name) {
  for (const frame::FrameColumn& column : frame.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

stores::TraceSummary Hit(const char* id, int64_t start_ns) {
  stores::TraceSummary hit;
  hit.id = *ParseTraceId(id);
  hit.root_service = "web";
  hit.root_name = "GET /";
  hit.start_ns = start_ns;
  hit.errors = 2;
  return hit;
}

stores::TraceSummary AgentHit(const char* id, int64_t start_ns) {
  stores::TraceSummary hit = Hit(id, start_ns);
  hit.spans.push_back(
      {7,
       0,
       "chat",
       false,
       start_ns,
       start_ns + 10,
       {{"gen_ai.operation.name", "chat"},
        {"gen_ai.request.model", "gpt-4o"},
        {"gen_ai.usage.input_tokens", "12"},
        {"gen_ai.usage.output_tokens", "3"},
        {"gen_ai.input.messages",
         R"([{"role":"user","parts":[{"type":"text","content":"Mail me at ann@example.org\nplease"}]}])"}}});
  return hit;
}

TEST(SearchTest, TheTableOfOrdinaryTracesHasNoColumnsOfAgents) {
  World world;
  world.traces->found = {Hit("1", 10), Hit("2", 30), Hit("3", 20)};
  const frame::FrameColumns table = Found(world);
  EXPECT_EQ(ColumnOf(table, "model"), nullptr);
  ASSERT_NE(ColumnOf(table, "errors"), nullptr);
  EXPECT_EQ(ColumnOf(table, "errors")->Real(0), 2);
  EXPECT_EQ(ColumnOf(table, "startTime")->Int(0), 30) << "the newest is first";
}

TEST(SearchTest, AgentsRunsShowWhatTheyWereAskedAndWhatTheyUsed) {
  World world;
  world.traces->found = {AgentHit("1", 20), Hit("2", 10)};
  const frame::FrameColumns table = Found(world);
  EXPECT_EQ(ColumnOf(table, "firstMessage")->Cell(0), "Mail me at ann@example.org please");
  EXPECT_EQ(ColumnOf(table, "model")->Cell(0), "gpt-4o");
  EXPECT_EQ(ColumnOf(table, "inputTokens")->Real(0), 12);
  EXPECT_EQ(ColumnOf(table, "outputTokens")->Real(0), 3);
  EXPECT_TRUE(ColumnOf(table, "cost")->IsNull(0));
  EXPECT_TRUE(ColumnOf(table, "inputTokens")->IsNull(1)) << "an ordinary trace used none";
}

TEST(SearchTest, AsksForAgentsSpansInTheTimeThatIsLeft) {
  World world;
  world.traces->found = {AgentHit("abc1", kStart)};
  world.traces->delay = std::chrono::milliseconds(20);
  world.context.deadline_ms = 10'000;
  Found(world);
  EXPECT_GT(world.traces->agents_deadline_ms, 0);
  EXPECT_LE(world.traces->agents_deadline_ms, 9'980);
}

TEST(SearchTest, TheContentPolicyHoldsForTheFirstMessage) {
  policy::Policy policy;
  policy.levels = {{"Viewer", policy::ContentLevel::kMetadata},
                   {"Admin", policy::ContentLevel::kFull}};
  policy.regexes = policy::ParsePolicy(R"({"redact":[{"builtin":"emails"}]})")->regexes;
  World world({}, policy);
  world.traces->found = {AgentHit("1", 20)};
  EXPECT_EQ(ColumnOf(Found(world, {"v", "Viewer"}), "firstMessage")->Cell(0),
            "[withheld by policy]");
  const frame::FrameColumns seen = Found(world, {"a", "Admin"});
  const std::string_view text = ColumnOf(seen, "firstMessage")->Cell(0);
  EXPECT_THAT(std::string(text), testing::Not(HasSubstr("ann@")));
  EXPECT_THAT(std::string(text), HasSubstr("Mail me"));
}

TEST(SearchTest, ATraceIdOpensTheWovenTraceInThisDatasource) {
  settings::Settings settings;
  settings.uid = "mine";
  World world(settings);
  world.traces->found = {Hit("00ab", 10)};
  const frame::FrameColumns table = Found(world);
  const auto config = nlohmann::json::parse(ColumnOf(table, "traceID")->config_json);
  const auto& link = config["links"][0]["internal"];
  EXPECT_EQ(link["datasourceUid"], "mine");
  EXPECT_EQ(link["query"]["query"], "${__value.raw}");
  EXPECT_EQ(ColumnOf(table, "traceID")->Cell(0), "000000000000000000000000000000ab");
  EXPECT_EQ(config["custom"]["width"], 280) << "all 32 digits can be read";
}

TEST(SearchTest, SaysWhenASearchTellsOnlyPartOfARun) {
  World world;
  world.traces->found = {AgentHit("1", 20)};
  world.traces->found[0].spans_cut = true;
  EXPECT_THAT(Found(world).meta_json, HasSubstr("1 run has more calls"));
}

TEST(SearchTest, AFailureToLearnMoreLeavesTheTable) {
  World world;
  world.traces->found = {Hit("1", 20)};
  world.traces->agents = absl::UnavailableError("Tempo is tired");
  const frame::FrameColumns table = Found(world);
  EXPECT_EQ(table.rows(), 1u);
  EXPECT_THAT(table.meta_json, HasSubstr("Tempo is tired"));
}

}  // namespace
}  // namespace spanlog::query
