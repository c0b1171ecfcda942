#include "stores/identity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/text.h"

namespace spanlog::stores {
namespace {

class IdentityTest : public ::testing::Test {
 protected:
  IdentityTest() { trace_.scopes.resize(1); }

  Span& Add(uint64_t id, uint64_t parent, std::string_view service,
            SpanKind kind = SpanKind::kInternal) {
    Span span;
    span.span_id = id;
    span.parent_span_id = parent;
    span.kind = kind;
    span.start_ns = 100 + static_cast<int64_t>(trace_.spans.size());
    span.end_ns = span.start_ns + 10;
    span.name = trace_.arena->Copy(Concat("span ", trace_.spans.size()));
    for (span.resource = 0; span.resource < trace_.resources.size(); ++span.resource) {
      if (trace_.resources[span.resource].service_name == service) break;
    }
    if (span.resource == trace_.resources.size()) trace_.resources.push_back({service, {}});
    trace_.spans.reserve(64);
    return trace_.spans.emplace_back(span);
  }
  std::set<uint64_t> Ids() const {
    std::set<uint64_t> ids;
    for (const Span& span : trace_.spans) ids.insert(span.span_id);
    return ids;
  }
  Trace trace_;
};

TEST_F(IdentityTest, GivesTheServerHalfOfASharedIdItsOwn) {
  Add(1, 0, "web");
  Add(2, 1, "web", SpanKind::kClient);
  Add(2, 1, "stock", SpanKind::kServer);
  Add(3, 2, "stock");
  Add(4, 2, "web");
  MakeSane(trace_);
  EXPECT_EQ(Ids().size(), 5u);
  EXPECT_EQ(trace_.spans[1].span_id, 2u);
  EXPECT_EQ(trace_.spans[2].parent_span_id, 2u);
  EXPECT_EQ(trace_.spans[3].parent_span_id, trace_.spans[2].span_id)
      << "same service as the server";
  EXPECT_EQ(trace_.spans[4].parent_span_id, 2u);
}

TEST_F(IdentityTest, LeavesTheIdToTheClientAlsoWhenTheServerComesFirst) {
  Add(2, 1, "stock", SpanKind::kServer);
  Add(3, 2, "stock");
  Add(2, 1, "web", SpanKind::kClient);
  MakeSane(trace_);
  EXPECT_EQ(trace_.spans[2].span_id, 2u);
  EXPECT_EQ(trace_.spans[0].parent_span_id, 2u);
  EXPECT_EQ(trace_.spans[1].parent_span_id, trace_.spans[0].span_id);
}

TEST_F(IdentityTest, DropsASpanThatCameTwice) {
  Add(1, 0, "web");
  const Span copy = Add(2, 1, "web");
  trace_.spans.push_back(copy);
  MakeSane(trace_);
  EXPECT_EQ(trace_.spans.size(), 2u);
}

TEST_F(IdentityTest, KeepsBothOfTwoSpansThatOnlyShareTheId) {
  Add(1, 0, "web");
  Add(2, 1, "web");
  Add(2, 1, "web");
  Add(3, 2, "web");
  MakeSane(trace_);
  EXPECT_EQ(trace_.spans.size(), 4u);
  EXPECT_EQ(Ids().size(), 4u);
  EXPECT_EQ(trace_.spans[3].parent_span_id, 2u) << "children stay with the first";
  EXPECT_EQ(trace_.spans[1].span_id, 2u);
}

TEST_F(IdentityTest, MakesTheSameIdsInEveryQuery) {
  Add(0, 0, "web");
  Add(5, 0, "web");
  Add(5, 0, "stock");
  Trace again = trace_;
  std::reverse(again.spans.begin(), again.spans.begin() + 1);
  MakeSane(trace_);
  MakeSane(again);
  EXPECT_EQ(trace_.spans[0].span_id, again.spans[0].span_id);
  EXPECT_EQ(trace_.spans[2].span_id, again.spans[2].span_id);
  EXPECT_FALSE(Ids().contains(0));
}

TEST_F(IdentityTest, BreaksCyclesAndSelfParents) {
  Add(1, 1, "web");
  Add(2, 4, "web");
  Add(3, 2, "web");
  Add(4, 3, "web");
  MakeSane(trace_);
  for (const Span& span : trace_.spans) {
    const Span* at = &span;
    int steps = 0;
    while (at->parent_span_id != 0 && steps < 10) {
      const uint64_t parent = at->parent_span_id;
      for (const Span& other : trace_.spans) {
        if (other.span_id == parent) at = &other;
      }
      ++steps;
    }
    EXPECT_LT(steps, 10) << SpanIdHex(span.span_id);
  }
  EXPECT_EQ(trace_.spans[0].parent_span_id, 0u);
}

TEST_F(IdentityTest, KeepsAParentThatIsNotInTheTrace) {
  Add(2, 77, "web");
  MakeSane(trace_);
  EXPECT_EQ(trace_.spans[0].parent_span_id, 77u);
}

TEST_F(IdentityTest, ClampsAnEndBeforeTheStartAndSaysSo) {
  Span& backwards = Add(1, 0, "web");
  backwards.end_ns = backwards.start_ns - 5;
  Add(2, 1, "web").end_ns = 0;
  MakeSane(trace_);
  for (const Span& span : trace_.spans) {
    EXPECT_EQ(span.end_ns, span.start_ns);
    EXPECT_EQ(span.warnings.size(), 1u);
  }
}

TEST_F(IdentityTest, DerivesAMissingStart) {
  SpanEvent events[2];
  events[0].time_ns = 500;
  events[1].time_ns = 400;
  Span& by_event = Add(1, 0, "web");
  by_event.start_ns = 0;
  by_event.events = absl::Span<const SpanEvent>(events, 2);
  Span& by_parent = Add(2, 3, "web");
  by_parent.start_ns = by_parent.end_ns = 0;
  Span& also_without = Add(3, 4, "web");
  also_without.start_ns = also_without.end_ns = 0;
  Add(4, 0, "web").start_ns = 444;
  Span& by_child = Add(5, 0, "web");
  by_child.start_ns = by_child.end_ns = 0;
  Add(6, 5, "web").start_ns = 666;
  MakeSane(trace_);
  EXPECT_EQ(trace_.spans[0].start_ns, 400);
  EXPECT_EQ(trace_.spans[1].start_ns, 444);
  EXPECT_EQ(trace_.spans[2].start_ns, 444);
  EXPECT_EQ(trace_.spans[4].start_ns, 666);
  for (const Span& span : trace_.spans) EXPECT_GE(span.end_ns, span.start_ns);
}

TEST_F(IdentityTest, BoundsTimesSoThatNoSumOfTwoOverflows) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  Span& span = Add(1, 0, "web");
  span.end_ns = kMax;
  const std::vector<SpanEvent> events = {
      {kMax, "late", {}}, {-kMax, "early", {}}, {105, "good", {}}};
  span.events = trace_.arena->CopyArray(events);
  Span& late = Add(2, 1, "web");
  late.start_ns = late.end_ns = kMax;
  MakeSane(trace_);
  EXPECT_EQ(trace_.spans[0].start_ns, 100);
  EXPECT_EQ(trace_.spans[0].end_ns, kLatestTimeNs);
  ASSERT_EQ(trace_.spans[0].events.size(), 3u);
  EXPECT_EQ(trace_.spans[0].events[0].time_ns, kLatestTimeNs);
  EXPECT_EQ(trace_.spans[0].events[1].time_ns, 0);
  EXPECT_EQ(trace_.spans[0].events[2].time_ns, 105);
  EXPECT_EQ(trace_.spans[1].start_ns, kLatestTimeNs);
  EXPECT_EQ(trace_.spans[1].warnings.size(), 1u);
}

TEST_F(IdentityTest, DrawsATraceWithoutAnyTime) {
  Span& span = Add(1, 0, "web");
  span.start_ns = span.end_ns = 0;
  MakeSane(trace_);
  EXPECT_GT(trace_.spans[0].start_ns, 0);
}

// Each of the four took minutes when every span was compared with all before it.
constexpr uint32_t kMany = 100'000;

TEST_F(IdentityTest, GivesIdsToManySpansThatAreAlike) {
  trace_.resources.push_back({"web", {}});
  Span span;
  span.start_ns = 5;
  span.end_ns = 6;
  trace_.spans.assign(kMany, span);
  MakeSane(trace_);
  EXPECT_EQ(Ids().size(), kMany);
  EXPECT_FALSE(Ids().contains(0));
}

TEST_F(IdentityTest, TakesApartManyServersUnderOneId) {
  Add(1, 0, "web", SpanKind::kClient);
  const Span child = Add(2, 1, "stock");
  Span server = Add(1, 0, "stock", SpanKind::kServer);
  for (uint32_t i = 3; i < kMany; ++i) {
    server.start_ns = i;
    trace_.spans.push_back(server);
  }
  MakeSane(trace_);
  EXPECT_EQ(trace_.spans.size(), kMany);
  EXPECT_EQ(Ids().size(), kMany);
  EXPECT_EQ(trace_.spans[0].span_id, 1u);
  EXPECT_EQ(trace_.spans[1].parent_span_id, trace_.spans[2].span_id) << "the first server's";
  EXPECT_EQ(trace_.spans.back().parent_span_id, 1u);
  EXPECT_EQ(child.parent_span_id, 1u);
}

TEST_F(IdentityTest, KeepsTheChildrenOfOtherServicesUnderManyHalves) {
  Add(1, 0, "web", SpanKind::kClient);
  Span server = Add(1, 0, "stock", SpanKind::kServer);
  Span child = Add(2, 1, "web");
  for (uint32_t i = 3; i < kMany; i += 2) {
    server.start_ns = i;
    trace_.spans.push_back(server);
    child.span_id = i;
    trace_.spans.push_back(child);
  }
  MakeSane(trace_);
  EXPECT_EQ(Ids().size(), trace_.spans.size());
  EXPECT_EQ(trace_.spans[2].parent_span_id, 1u);
  EXPECT_EQ(trace_.spans.back().parent_span_id, 1u);
}

TEST_F(IdentityTest, DerivesTheStartsOfAChainThatHasNone) {
  trace_.resources.push_back({"web", {}});
  for (uint32_t i = kMany; i > 0; --i) {
    Span span;
    span.span_id = i;
    span.parent_span_id = i - 1;
    trace_.spans.push_back(span);
  }
  trace_.spans.back().start_ns = 7'000'000;
  MakeSane(trace_);
  for (const Span& span : trace_.spans) ASSERT_EQ(span.start_ns, 7'000'000) << span.span_id;
}

TEST_F(IdentityTest, ASpanWithoutAStartTakesThatOfTheNearestSpanAboveThatHasOneByThen) {
  Add(4, 3, "web").start_ns = 0;  // nothing above has one: its own child's
  Add(5, 4, "web").start_ns = 50;
  Add(2, 1, "web").start_ns = 0;  // none of its own: the earliest of the trace
  Add(3, 2, "web").start_ns = 0;  // span 2 has one by now
  Add(1, 0, "web").start_ns = 0;
  Add(9, 0, "web").start_ns = 40;
  MakeSane(trace_);
  EXPECT_EQ(trace_.spans[0].start_ns, 50);
  EXPECT_EQ(trace_.spans[2].start_ns, 40);
  EXPECT_EQ(trace_.spans[3].start_ns, 40);
  EXPECT_EQ(trace_.spans[4].start_ns, 40);
}

}  // namespace
}  // namespace spanlog::stores
