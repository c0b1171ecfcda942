#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_stores.h"
#include "query/pipeline.h"

namespace spanlog::query {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<weave::Woven> Weave(const World& world, const Reader& reader = {}) {
  return WeaveTrace(*world.datasource, world.query, reader, world.context);
}

TEST(WeaveTraceTest, ShowsTheTraceWithItsRecords) {
  World world;
  world.traces->fetch = [](const TraceId& id) { return OneSpanTrace(id); };
  world.logs->fetch = [](const stores::LogSearch&) { return Batch({Record("hello")}); };
  const auto woven = Weave(world);

  ASSERT_TRUE(woven.ok());
  ASSERT_EQ(woven->rows.size(), 2u);
  EXPECT_EQ(woven->rows[1].operation_name, "hello");
}

TEST(WeaveTraceTest, ShowsTheTraceAndAWarningWhenTheLogStoreFails) {
  World world;
  world.traces->fetch = [](const TraceId& id) { return OneSpanTrace(id); };
  world.logs->fetch = [](const stores::LogSearch&) {
    return absl::UnavailableError("Loki answered 503");
  };
  const auto woven = Weave(world);

  ASSERT_TRUE(woven.ok());
  EXPECT_EQ(woven->rows.size(), 1u);
  ASSERT_FALSE(woven->notices.empty());
  EXPECT_THAT(woven->notices[0].text, HasSubstr("Loki answered 503"));
}

TEST(WeaveTraceTest, GivesTheLogStoreWhatTheTraceStoreLeftOfTheTime) {
  World world;
  world.traces->fetch = [](const TraceId& id) { return OneSpanTrace(id); };
  world.traces->delay = std::chrono::milliseconds(20);
  world.context.deadline_ms = 10'000;
  ASSERT_TRUE(Weave(world).ok());
  EXPECT_GT(world.logs->deadline_ms, 0);
  EXPECT_LE(world.logs->deadline_ms, 9'980);
  world.context.deadline_ms = 5;
  ASSERT_TRUE(Weave(world).ok());
  EXPECT_EQ(world.logs->deadline_ms, 1) << "0 would be no limit";
  world.context.deadline_ms = 0;
  ASSERT_TRUE(Weave(world).ok());
  EXPECT_EQ(world.logs->deadline_ms, 0);
}

TEST(WeaveTraceTest, PassesATraceStoresFailureOn) {
  World world;
  world.traces->fetch = [](const TraceId&) { return absl::UnavailableError("Tempo is down"); };
  EXPECT_TRUE(absl::IsUnavailable(Weave(world).status()));
  EXPECT_TRUE(world.logs->searches.empty());
}

TEST(WeaveTraceTest, ShowsRecordsAloneWhenTheTraceStoreDoesNotKnowTheTrace) {
  World world;
  world.logs->fetch = [](const stores::LogSearch&) { return Batch({Record("alone")}); };
  const auto woven = Weave(world);

  ASSERT_TRUE(woven.ok());
  EXPECT_THAT(woven->notices[0].text, HasSubstr("does not have this trace"));
}

TEST(WeaveTraceTest, IsNotFoundWhenNeitherStoreKnowsIt) {
  EXPECT_TRUE(absl::IsNotFound(Weave(World()).status()));
}

TEST(WeaveTraceTest, DoesNotAskForRecordsThatAreNotWanted) {
  World world;
  world.traces->fetch = [](const TraceId& id) { return OneSpanTrace(id); };
  world.query.logs = settings::LogRows::kNone;
  ASSERT_TRUE(Weave(world).ok());
  EXPECT_TRUE(world.logs->searches.empty());
}

TEST(WeaveTraceTest, HoldsThePolicyForReadersButNotForTheTerminal) {
  policy::Policy policy;
  policy.levels = {{"Viewer", policy::ContentLevel::kNone}};
  World world({}, policy);
  world.traces->fetch = [](const TraceId& id) { return OneSpanTrace(id); };
  world.logs->fetch = [](const stores::LogSearch&) { return Batch({Record("secret words")}); };
  Reader viewer;
  viewer.login = "v";
  viewer.role = "Viewer";
  Reader terminal;
  terminal.is_terminal = true;

  EXPECT_EQ(Weave(world, viewer)->rows.size(), 1u);
  EXPECT_EQ(Weave(world, terminal)->rows.size(), 2u);
}

TEST(WeaveTraceTest, SaysThatNoStoreIsConfigured) {
  const Datasource empty({}, {}, nullptr, nullptr);
  EXPECT_TRUE(absl::IsFailedPrecondition(WeaveTrace(empty, {}, {}, {}).status()));
}

}  // namespace
}  // namespace spanlog::query
