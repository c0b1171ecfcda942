// Every recorded case of these families: each message that is known to be in it is read exactly
// once per call, with its role, exact text and tool.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <ostream>

#include "base/text.h"
#include "fixture.h"

namespace spanlog::genai {
namespace {

using testing::LoadCase;
using testing::RecordedCase;
using testing::Score;

struct Named {
  const char* name;
  const char* part = "";
};
void PrintTo(const Named& named, std::ostream* out) { *out << named.name << named.part; }

constexpr Named kCases[] = {
    {"g0-span-events"},
    {"g1-error"},
    {"g1-happy"},
    {"g1-nocapture"},
    {"g1-retry-429"},
    {"g2-error"},
    {"g2-event-only"},
    {"g2-happy"},
    {"g2-history-64k"},
    {"g2-long-2048"},
    {"g2-multichoice"},
    {"g2-multichoice", "t2"},
    {"g2-nocontent"},
    {"g2-span-only"},
    {"g2-structured-span"},
    {"g2-upload-ref"},
    {"nested-agents-dup"},
    {"google-genai-g1"},
    {"google-genai-g2"},
    {"adk"},
    {"adk-legacy-attrs"},
    {"azure-inference-span-events"},
    {"semantic-kernel-python"},
    {"strands"},
    {"pydantic-ai"},
    {"pydantic-ai-v2"},
    {"eval-late"},
    {"unicode-inject"},
    {"loki-severity-label"},
    {"oi-error"},
    {"oi-happy"},
    {"oi-multimodal"},
    {"oi-multimodal", "t2"},
    {"tl-current"},
    {"tl-legacy"},
    {"langfuse-sdk"},
    {"vercel-ai"},
    {"mcp-spans"},
    {"claude-code-traced"},
    {"claude-code-no-trace-ids"},
    {"codex-cli"},
    {"gemini-cli"},
};

class ScoreTest : public ::testing::TestWithParam<Named> {};

TEST(ScoreTotal, PrintsWhatIsFoundInAll) {
  Score all;
  for (const Named& one : kCases) {
    const Score score = ScoreMessages(LoadCase(one.name, one.part));
    all.expected += score.expected;
    all.found_once += score.found_once;
    all.not_carried += score.not_carried;
  }
  std::printf("In all %d of %d messages are read exactly once; %d more are stored nowhere.\n",
              all.found_once, all.expected, all.not_carried);
  EXPECT_EQ(all.found_once, all.expected);
  EXPECT_GT(all.expected, 150);
}

TEST_P(ScoreTest, FindsEveryMessageOncePerCall) {
  const RecordedCase recorded = LoadCase(GetParam().name, GetParam().part);
  const Score score = ScoreMessages(recorded);
  std::printf("%-28s %-3s %3d of %3d messages, %d not stored anywhere\n", GetParam().name,
              GetParam().part, score.found_once, score.expected, score.not_carried);
  if (std::getenv("SPANLOG_PRINT") != nullptr) std::printf("%s", Print(recorded).c_str());
  EXPECT_EQ(score.found_once, score.expected);
  for (const std::string& problem : score.problems) ADD_FAILURE() << problem;
  if (!score.problems.empty()) std::printf("%s", Print(recorded).c_str());
}

TEST_P(ScoreTest, LosesNoRecord) {
  const RecordedCase recorded = LoadCase(GetParam().name, GetParam().part);
  std::vector<int> rows(recorded.logs.records.size(), 0);
  for (const Message& message : recorded.reading.messages) {
    if (message.record != kNoIndex) ++rows[message.record];
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    const RecordView& view = recorded.reading.records[i];
    EXPECT_EQ(view.is_message, rows[i] > 0) << i;
    const bool has_words = !view.title.empty() || !recorded.logs.records[i].text.empty();
    EXPECT_TRUE(view.is_message || has_words) << i;
  }
}

TEST_P(ScoreTest, CountsTheTokensOfModelCalls) {
  const RecordedCase recorded = LoadCase(GetParam().name, GetParam().part);
  for (const auto& fact : recorded.facts["spans"]) {
    if (!fact.contains("tokens")) continue;
    for (size_t i = 0; i < recorded.trace.spans.size(); ++i) {
      if (SpanIdHex(recorded.trace.spans[i].span_id) != fact["span_id"]) continue;
      const CallUsage& call = recorded.reading.calls[i];
      if (fact.value("llm", false)) {
        EXPECT_EQ(call.kind, CallKind::kModel);
      }
      // Anthropic's own count leaves out what came from the cache.
      int64_t cached = 0;
      if (StartsWith(recorded.name, "claude-code")) {
        for (const char* key : {"cache_read", "cache_write"}) {
          cached += fact["tokens"].value(key, int64_t{0});
        }
      }
      for (const auto& [key, value] :
           std::map<std::string, int64_t>{{"input", call.input_tokens},
                                          {"output", call.output_tokens},
                                          {"cache_read", call.cache_read_tokens},
                                          {"reasoning", call.reasoning_tokens}}) {
        if (fact["tokens"].contains(key)) {
          const int64_t more = key == "input" ? cached : 0;
          EXPECT_EQ(value, fact["tokens"][key].get<int64_t>() + more) << key << " of span " << i;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(RecordedCases, ScoreTest, ::testing::ValuesIn(kCases),
                         [](const auto& info) {
                           std::string name = std::string(info.param.name) + info.param.part;
                           for (char& c : name) {
                             if (c == '-') c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace spanlog::genai
