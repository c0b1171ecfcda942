#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_stores.h"
#include "frame/arrow_reader.h"
#include "query/pipeline.h"

namespace spanlog::query {
namespace {

TEST(RunTest, AnswersATraceIdWithOneArrowFile) {
  World world;
  world.traces->fetch = [](const TraceId& id) { return OneSpanTrace(id); };
  const auto answer = query::Run(*world.datasource, world.query, "A", {}, world.context);

  ASSERT_TRUE(answer.ok());
  ASSERT_EQ(answer->frames.size(), 1u);
  EXPECT_EQ(answer->frames[0].Flatten().substr(0, 6), "ARROW1");
}

TEST(RunTest, AnswersTheTraceFirstAndThenTheViewsThatAreAskedFor) {
  World world;
  world.traces->fetch = [](const TraceId& id) { return OneSpanTrace(id); };
  world.logs->fetch = [](const stores::LogSearch&) { return Batch({Record("hello")}); };
  world.query.view_logs = world.query.view_node_graph = world.query.view_table = true;
  const auto answer = query::Run(*world.datasource, world.query, "A", {}, world.context);

  ASSERT_TRUE(answer.ok());
  std::vector<std::string> names;
  for (const Rope& bytes : answer->frames) {
    const auto frame = frame::ReadArrowFile(bytes.Flatten());
    ASSERT_TRUE(frame.ok()) << frame.status();
    EXPECT_EQ(frame->ref_id, "A");
    names.push_back(frame->name);
  }
  EXPECT_THAT(names, testing::ElementsAre("Trace", "Logs", "nodes", "edges", "Models and tools"));
}

TEST(RunTest, SearchesTheTraceStoreWithTheQuerysRangeAndLimit) {
  World world;
  world.query.kind = settings::QueryKind::kSearch;
  world.query.text = "{ status = error }";
  world.query.from_ms = 5'000;
  world.query.to_ms = 6'000;
  ASSERT_TRUE(query::Run(*world.datasource, world.query, "A", {}, world.context).ok());

  EXPECT_EQ(world.traces->last_search.query, "{ status = error }");
  EXPECT_EQ(world.traces->last_search.start_ns, 5'000'000'000);
  EXPECT_EQ(world.traces->last_search.limit, 20);
}

}  // namespace
}  // namespace spanlog::query
