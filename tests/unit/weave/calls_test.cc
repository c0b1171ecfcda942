#include "weave/calls.h"

#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::weave {
namespace {

class CallsTest : public testing::Test {
 protected:
  std::vector<Call> Calls() {
    const SpanTree tree(*world_.trace);
    const RollUp usage = RollUpUsage(*world_.trace, tree, *world_.reading, prices_);
    return CollectCalls(*world_.trace, tree, *world_.reading, usage, prices_);
  }
  CallUsage& Say(uint32_t span, CallKind kind) {
    world_.reading->calls[span].kind = kind;
    return world_.reading->calls[span];
  }

  World world_;
  std::vector<settings::Price> prices_;
};

TEST_F(CallsTest, ACallBelongsToTheNearestCallAboveIt) {
  const uint32_t agent = world_.AddSpan(1, 0, "run", 0, 100);
  world_.AddSpan(2, 1, "http", 1, 50);
  const uint32_t chat = world_.AddSpan(3, 2, "chat", 2, 40);
  Say(agent, CallKind::kAgent).agent_name = "travel";
  Say(chat, CallKind::kModel).model = "gpt";
  const std::vector<Call> calls = Calls();
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].name, "travel");
  EXPECT_EQ(calls[0].parent, kNoIndex);
  EXPECT_EQ(calls[1].name, "gpt");
  EXPECT_EQ(calls[1].parent, 0u);
  EXPECT_EQ(calls[1].duration_ns, 38 * kMs);
}

TEST_F(CallsTest, AnOuterSpanThatRepeatsItsCallsIsNone) {
  const uint32_t outer = world_.AddSpan(1, 0, "generateText", 0, 100);
  const uint32_t inner = world_.AddSpan(2, 1, "doGenerate", 1, 50);
  for (const uint32_t span : {outer, inner}) {
    Say(span, CallKind::kModel).input_tokens = 10;
    world_.reading->calls[span].model = "m";
  }
  const std::vector<Call> calls = Calls();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].duration_ns, 49 * kMs);
  EXPECT_EQ(calls[0].input_tokens, 10);
}

TEST_F(CallsTest, AModelCallThatOnlyARecordTellsOfCountsInItsAgent) {
  const uint32_t agent = world_.AddSpan(1, 0, "interaction", 0, 100);
  Say(agent, CallKind::kAgent);
  world_.AddRecord(1, 5, "api_request");
  RecordCall recorded{0, agent, {}};
  recorded.usage.model = "claude";
  recorded.usage.input_tokens = 1'000'000;
  world_.reading->record_calls = {recorded, recorded};
  prices_ = {{"claude", 3, 15, -1, -1}};
  const std::vector<Call> calls = Calls();
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0].input_tokens, -1) << "the tokens are those of the calls";
  EXPECT_EQ(calls[2].name, "claude");
  EXPECT_EQ(calls[2].parent, 0u);
  EXPECT_EQ(calls[2].input_tokens, 1'000'000);
  EXPECT_DOUBLE_EQ(calls[2].cost_usd, 3);
  EXPECT_EQ(calls[2].duration_ns, -1);
}

TEST_F(CallsTest, EveryCallHasAName) {
  Say(world_.AddSpan(1, 0, "", 0, 1), CallKind::kAgent);
  Say(world_.AddSpan(2, 0, "chat", 0, 1), CallKind::kModel);
  for (const Call& call : Calls()) EXPECT_FALSE(call.name.empty());
}

}  // namespace
}  // namespace spanlog::weave
