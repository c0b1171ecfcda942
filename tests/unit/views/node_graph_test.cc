#include "views/node_graph.h"

#include <gmock/gmock.h>

#include "base/text.h"
#include "view_testing.h"

namespace spanlog::views {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

std::vector<std::string> EdgesOf(const NodeGraph& graph) {
  std::vector<std::string> edges;
  for (size_t i = 0; i < Texts(graph.edges, "id").size(); ++i) {
    edges.push_back(Concat(Texts(graph.edges, "source")[i], " ", Texts(graph.edges, "target")[i],
                           " ", Texts(graph.edges, "mainstat")[i]));
  }
  return edges;
}

TEST(NodeGraphTest, AgentsCallModelsAndModelsCallTools) {
  weave::Woven woven;
  woven.calls = {
      CallOf(CallKind::kAgent, "travel", 0, 100), CallOf(CallKind::kModel, "gpt", 0, 10, 0),
      CallOf(CallKind::kTool, "search", 10, 20, 0), CallOf(CallKind::kTool, "book", 20, 30, 0),
      CallOf(CallKind::kModel, "gpt", 30, 40, 0)};
  EXPECT_THAT(EdgesOf(MakeNodeGraph(woven, "A")),
              UnorderedElementsAre("agent:travel model:gpt 2 calls", "model:gpt tool:search 1 call",
                                   "model:gpt tool:book 1 call"));
}

TEST(NodeGraphTest, AToolHangsFromTheModelThatWasCalledLastBeforeItInItsOwnAgent) {
  weave::Woven woven;
  woven.calls = {CallOf(CallKind::kAgent, "a", 0, 100), CallOf(CallKind::kAgent, "b", 0, 100),
                 CallOf(CallKind::kModel, "one", 0, 10, 0),
                 CallOf(CallKind::kModel, "two", 5, 15, 1),
                 CallOf(CallKind::kTool, "t", 20, 30, 0)};
  EXPECT_THAT(EdgesOf(MakeNodeGraph(woven, "A")),
              UnorderedElementsAre("agent:a model:one 1 call", "agent:b model:two 1 call",
                                   "model:one tool:t 1 call"));
}

TEST(NodeGraphTest, AToolMayCallAnAgentAndAnOuterSpanOfTheSameAgentIsNoEdge) {
  weave::Woven woven;
  woven.calls = {CallOf(CallKind::kAgent, "a", 0, 100), CallOf(CallKind::kAgent, "a", 0, 100, 0),
                 CallOf(CallKind::kTool, "ask b", 20, 80, 1),
                 CallOf(CallKind::kAgent, "b", 30, 70, 2)};
  const NodeGraph graph = MakeNodeGraph(woven, "A");
  EXPECT_THAT(EdgesOf(graph),
              UnorderedElementsAre("agent:a tool:ask b 1 call", "tool:ask b agent:b 1 call"));
  EXPECT_THAT(Texts(graph.nodes, "title"), ElementsAre("a", "ask b", "b"));
}

TEST(NodeGraphTest, CallsOutsideOfAnyAgentHangFromTheirService) {
  weave::Woven woven;
  woven.calls = {CallOf(CallKind::kModel, "gpt", 0, 10)};
  const NodeGraph graph = MakeNodeGraph(woven, "A");
  EXPECT_THAT(EdgesOf(graph), ElementsAre("service:svc model:gpt 1 call"));
  EXPECT_THAT(Texts(graph.nodes, "id"), ElementsAre("service:svc", "model:gpt"));
}

TEST(NodeGraphTest, NodesShowCallsErrorsAndTokens) {
  weave::Woven woven;
  woven.calls = {CallOf(CallKind::kAgent, "a", 0, 9), CallOf(CallKind::kModel, "m", 0, 1, 0),
                 CallOf(CallKind::kModel, "m", 1, 2, 0), CallOf(CallKind::kModel, "n", 1, 2, 0)};
  woven.calls[1].failed = true;
  woven.calls[3].input_tokens = 1500;
  woven.calls[3].output_tokens = 20;
  woven.calls[3].provider = "openai";
  const NodeGraph graph = MakeNodeGraph(woven, "A");
  EXPECT_THAT(Texts(graph.nodes, "mainstat"), ElementsAre("1 call", "2 calls", "1 call"));
  EXPECT_THAT(Texts(graph.nodes, "secondarystat"),
              ElementsAre("9 ms", "1 error", "1.5k→20 tokens"));
  EXPECT_THAT(Texts(graph.nodes, "subtitle"), ElementsAre("agent", "model", "model · openai"));
  EXPECT_THAT(Numbers(graph.nodes, "arc__errors"), ElementsAre(0, 0.5, 0));
}

TEST(NodeGraphTest, TheArcsOfEachNodeAddUpToOne) {
  weave::Woven woven;
  woven.calls = {CallOf(CallKind::kTool, "t", 0, 1), CallOf(CallKind::kTool, "t", 0, 1),
                 CallOf(CallKind::kTool, "t", 0, 1)};
  woven.calls[2].failed = true;
  const NodeGraph graph = MakeNodeGraph(woven, "A");
  for (size_t i = 0; i < Texts(graph.nodes, "id").size(); ++i) {
    double sum = 0;
    for (const char* arc : {"service", "agent", "model", "tool", "errors"}) {
      sum += Numbers(graph.nodes, Concat("arc__", arc))[i];
    }
    EXPECT_DOUBLE_EQ(sum, 1);
  }
}

TEST(NodeGraphTest, EveryEdgeEndsAtANodeHoweverManyThereAre) {
  weave::Woven woven;
  std::vector<std::string> names;
  for (int i = 0; i < 800; ++i) names.push_back(Concat("tool", i));
  for (const std::string& name : names) woven.calls.push_back(CallOf(CallKind::kTool, name, 0, 1));
  const NodeGraph graph = MakeNodeGraph(woven, "A");
  const std::vector<std::string>& ids = Texts(graph.nodes, "id");
  EXPECT_LT(ids.size(), 600u);
  EXPECT_THAT(graph.nodes.meta_json, testing::HasSubstr("300 further"));
  for (const std::string& target : Texts(graph.edges, "target")) {
    EXPECT_NE(std::find(ids.begin(), ids.end(), target), ids.end()) << target;
  }
}

// Filled the memory with a copy of the name for each call below.
TEST(NodeGraphTest, ALongNameIsOneNodeAndNotRepeatedWhole) {
  const std::string name(100'000, 'n');
  const std::string other = name + "o";
  weave::Woven woven;
  woven.calls = {CallOf(CallKind::kAgent, name, 0, 100), CallOf(CallKind::kAgent, other, 0, 100),
                 CallOf(CallKind::kModel, "gpt", 0, 10, 0),
                 CallOf(CallKind::kModel, "gpt", 0, 10, 1)};
  const NodeGraph graph = MakeNodeGraph(woven, "A");
  ASSERT_EQ(Texts(graph.edges, "source").size(), 2u);
  EXPECT_NE(Texts(graph.edges, "source")[0], Texts(graph.edges, "source")[1]);
  for (const std::string& source : Texts(graph.edges, "source")) {
    EXPECT_LT(source.size(), 2'000u);
    EXPECT_THAT(Texts(graph.nodes, "id"), testing::Contains(source));
  }
  EXPECT_THAT(Texts(graph.nodes, "title"), testing::Contains(name));
}

}  // namespace
}  // namespace spanlog::views
