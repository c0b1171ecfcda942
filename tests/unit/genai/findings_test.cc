// What is missing from the messages and what to do about it: said where it is so, and only there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "builders.h"

namespace spanlog::genai {
namespace {

using ::testing::AllOf;
using testing::Build;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::S;

constexpr std::string_view kDetails = "gen_ai.client.inference.operation.details";
constexpr std::string_view kHi = R"([{"role":"user","parts":[{"type":"text","content":"hi"}]}])";

TEST(FindingsTest, HasNothingToSayAboutAHealthyRun) {
  Build build;
  build.AddSpan("invoke_agent", {{"gen_ai.operation.name", S("invoke_agent")}});
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(kHi)}},
                1);
  build.AddSpan("execute_tool", {{"gen_ai.operation.name", S("execute_tool")}}, 1);
  build.AddSpan("embeddings m", {{"gen_ai.operation.name", S("embeddings")}}, 1);
  build.AddSpan("GET /", {});
  build.AddRecord(2, kDetails, "", {{"gen_ai_input_messages", S(kHi)}});
  build.AddRecord(2, "", "an ordinary line");
  EXPECT_THAT(build.Read().findings, IsEmpty());
}

TEST(FindingsTest, NamesTheSwitchWhenCallsCarryNoMessages) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}});
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}});
  EXPECT_THAT(build.Read().findings,
              ElementsAre(AllOf(HasSubstr("2 model calls carry no messages"),
                                HasSubstr("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"))));
}

TEST(FindingsTest, SaysNothingOfSilentCallsWhenNoLogStoreWasAsked) {
  Build build;
  build.logs.tried.clear();
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}});
  EXPECT_THAT(build.Read().findings, IsEmpty());
}

TEST(FindingsTest, CountsRedactedContentByWhoHidIt) {
  Build build;
  build.AddSpan(
      "chat",
      {{"gen_ai.operation.name", S("chat")},
       {"gen_ai.input.messages",
        S(R"([{"role":"user","content":"__REDACTED__"},{"role":"user","content":"__REDACTED__"},)"
          R"({"role":"user","content":"[REDACTED]"}])")}});
  EXPECT_THAT(
      build.Read().findings,
      ElementsAre(AllOf(HasSubstr("2 messages carry no content"), HasSubstr("OPENINFERENCE_HIDE_")),
                  AllOf(HasSubstr("1 message carries no content"), HasSubstr("Codex"))));
}

TEST(FindingsTest, SuspectsLokiOnlyWhereOthersOfTheSameInstrumentationArrived) {
  Build build;
  build.trace.scopes.push_back({"another.instrumentation", {}, {}});
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(kHi)}});
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")}, {"gen_ai.input.messages", S(kHi)}});
  build.trace.spans[1].scope = 1;
  build.AddRecord(1, kDetails, "", {{"gen_ai_input_messages", S(kHi)}});
  EXPECT_THAT(build.Read().findings, IsEmpty());
  build.trace.spans[1].scope = 0;
  EXPECT_THAT(build.Read().findings, ElementsAre(HasSubstr("max_structured_metadata_size")));
}

TEST(FindingsTest, SaysThatTheTraceStoreCutMessages) {
  Build build;
  const std::string whole = R"([{"role":"user","parts":[{"type":"text","content":")" +
                            std::string(3000, 'x') + R"("}]}])";
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")},
                         {"gen_ai.input.messages", S(std::string_view(whole).substr(0, 2048))}});
  build.logs.tried.clear();
  EXPECT_THAT(build.Read().findings, ElementsAre(HasSubstr("max_attribute_bytes")));
}

TEST(FindingsTest, SaysWhereUploadedContentWent) {
  Build build;
  build.AddSpan("chat", {{"gen_ai.operation.name", S("chat")},
                         {"gen_ai.input.messages_ref", S("gs://b/1.json")}});
  EXPECT_THAT(build.Read().findings, ElementsAre(HasSubstr("uploaded elsewhere")));
}

}  // namespace
}  // namespace spanlog::genai
