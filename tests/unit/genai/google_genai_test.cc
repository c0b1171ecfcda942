// google-genai: Gemini's contents inside OpenTelemetry's events, and tool spans of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"

namespace spanlog::genai {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::J;
using testing::Lines;
using testing::S;

TEST(GoogleGenaiTest, PutsParametersTogetherByTheirTypes) {
  Build build;
  build.AddSpan("execute_tool f", {{"gen_ai.operation.name", S("execute_tool")},
                                   {"gen_ai.tool.name", S("f")},
                                   {"code.function.parameters.city.type", S("str")},
                                   {"code.function.parameters.city.value", S("Goa")},
                                   {"code.function.parameters.days.type", S("int")},
                                   {"code.function.parameters.days.value", S("3")},
                                   {"code.function.parameters.deep.type", S("bool")},
                                   {"code.function.parameters.deep.value", S("True")},
                                   {"code.function.parameters.tags.type", S("list")},
                                   {"code.function.parameters.tags.value", J(R"(["a","b"])")},
                                   {"code.function.return.value", S("31°C")}});
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre(R"(< tool call f {"city":"Goa","days":3,"deep":true,"tags":["a","b"]})",
                          "> tool result f: 31°C"));
}

TEST(GoogleGenaiTest, ReadsContentsInsideEvents) {
  Build build;
  build.AddSpan("generate_content m", {{"gen_ai.operation.name", S("generate_content")}});
  build.AddRecord(1, "gen_ai.user.message",
                  R"({"content":[{"parts":[{"text":"one"}],"role":"user"},)"
                  R"({"parts":[{"text":"two"}],"role":"model"}]})");
  build.AddRecord(1, "gen_ai.user.message",
                  R"({"content":{"parts":[{"text":"three","thought":null}],"role":"user"}})");
  build.AddRecord(
      1, "gen_ai.choice",
      R"({"index":0,"finish_reason":"STOP","content":{"role":"model","parts":[)"
      R"({"text":"I wonder","thought":true},{"function_call":{"name":"f","args":{"a":1},"id":null}}]}})");
  EXPECT_THAT(Lines(build.Read()),
              ElementsAre("< user text: one", "< assistant text: two", "< user text: three",
                          "> assistant reasoning: I wonder", R"(> assistant call f {"a":1})"));
}

TEST(GoogleGenaiTest, SaysThatElidedContentIsOff) {
  Build build;
  build.AddSpan("generate_content m", {{"gen_ai.operation.name", S("generate_content")}});
  build.AddRecord(1, "gen_ai.system.message", R"({"content":"<elided>"})");
  build.AddRecord(1, "gen_ai.choice", R"({"index":0,"content":"<elided>","finish_reason":"STOP"})");
  EXPECT_THAT(Lines(build.Read()), ElementsAre("< system text off", "> assistant text off"));
}

}  // namespace
}  // namespace spanlog::genai
