// MCP: tool calls as client and server see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::I;
using testing::J;
using testing::Lines;
using testing::S;

TEST(McpTest, OpensTheEnvelopeOfAResult) {
  Build build;
  build.AddSpan(
      "tools/call w",
      {{"mcp.method.name", S("tools/call")},
       {"gen_ai.tool.name", S("w")},
       {"gen_ai.tool.call.arguments", J(R"({"city":"Kyiv"})")},
       {"gen_ai.tool.call.result",
        J(R"({"content":[{"type":"text","text":"snow"},{"type":"text","text":"-2"}],"isError":false})")}});
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading),
              ElementsAre(R"(< tool call w {"city":"Kyiv"})", "> tool result w: snow\n-2"));
  EXPECT_EQ(reading.messages[1].tool.result.substr(0, 11), R"({"content":)");
  EXPECT_EQ(reading.calls[0].kind, CallKind::kTool);
}

TEST(McpTest, KnowsACallThatFailed) {
  Build build;
  build.AddSpan("tools/call w",
                {{"mcp.method.name", S("tools/call")},
                 {"gen_ai.tool.call.result",
                  S(R"({"content":[{"type":"text","text":"no such city"}],"isError":true})")}});
  build.AddSpan(
      "tools/call v",
      {{"mcp.method.name", S("tools/call")},
       {"gen_ai.tool.call.result",
        S(R"({"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"x"}],"isError":true}})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("> tool result failed w: no such city", "> tool result failed v: x"));
}

TEST(McpTest, KeepsResultsThatAreNoText) {
  Build build;
  build.AddSpan("tools/call w",
                {{"mcp.method.name", S("tools/call")},
                 {"gen_ai.tool.call.result",
                  S(R"({"content":[{"type":"image","data":"aaaa","mimeType":"image/png"}]})")}});
  build.AddSpan("tools/call n",
                {{"mcp.method.name", S("tools/call")}, {"gen_ai.tool.call.result", I(42)}});
  build.AddSpan("tools/call s",
                {{"mcp.method.name", S("tools/call")},
                 {"gen_ai.tool.call.result", S(R"({"structuredContent":{"t":-2}})")}});
  build.AddSpan(
      "tools/call j",
      {{"mcp.method.name", S("tools/call")},
       {"gen_ai.tool.call.result",
        S(R"({"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"x"}]}})")}});
  EXPECT_THAT(
      Lines(build.Read()),
      ElementsAre(R"(> tool result w: [{"type":"image","data":"aaaa","mimeType":"image/png"}])",
                  "> tool result n: 42", R"(> tool result s: {"structuredContent":{"t":-2}})",
                  "> tool result j: x"));
}

class McpPairTest : public ::testing::Test {
 protected:
  void AddSides(std::string_view on_client, std::string_view on_server) {
    build.AddSpan("tools/call w", {{"mcp.method.name", S("tools/call")},
                                   {"gen_ai.tool.name", S("w")},
                                   {"gen_ai.tool.call.arguments", S(on_client)}});
    build.AddSpan("tools/call w",
                  {{"mcp.method.name", S("tools/call")},
                   {"gen_ai.tool.name", S("w")},
                   {"gen_ai.tool.call.arguments", S(on_server)}},
                  1);
    build.trace.spans[0].kind = SpanKind::kClient;
    build.trace.spans[1].kind = SpanKind::kServer;
  }
  Build build;
};

TEST_F(McpPairTest, ShowsOnceWhatClientAndServerBothHave) {
  AddSides(R"({"a": 1, "b": 2})", R"({"b":2,"a":1})");
  const Reading reading = build.Read();
  EXPECT_THAT(Lines(reading), ElementsAre(R"(< tool call w {"a": 1, "b": 2})"));
  EXPECT_EQ(reading.messages[0].span, 0u);
}

TEST_F(McpPairTest, ShowsWhatTheServerGotOtherwise) {
  AddSides(R"({"a":1})", R"({"a":2})");
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool call w {"a":1})", R"(< tool call w {"a":2})"));
}

TEST(McpTest, ReadsTheAttributesOfOpenLlmetry) {
  Build build;
  build.AddSpan("get-weather.tool",
                {{"mcp.request.argument", S(R"({"city":"Kyiv"})")},
                 {"mcp.response.value", S(R"({"content":[{"type":"text","text":"snow"}]})")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool call {"city":"Kyiv"})", "> tool result: snow"));
}

TEST(McpTest, HasNoMessagesForOtherMethods) {
  Build build;
  build.AddSpan("tools/list", {{"mcp.method.name", S("tools/list")}});
  build.AddSpan("resources/read",
                {{"mcp.method.name", S("resources/read")}, {"mcp.resource.uri", S("file:///a")}});
  const Reading reading = build.Read();
  EXPECT_TRUE(reading.messages.empty());
  EXPECT_EQ(reading.calls[0].kind, CallKind::kNone);
}

}  // namespace
}  // namespace spanlog::genai
