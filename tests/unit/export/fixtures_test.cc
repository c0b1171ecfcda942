// Every recorded run that has messages, exported in all formats as `spanlog show` does.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "export/export.h"
#include "fixture.h"
#include "weave/weave.h"

namespace spanlog::exports {
namespace {

using Json = nlohmann::json;

const char* const kCases[] = {"adk",
                              "adk-legacy-attrs",
                              "azure-inference-span-events",
                              "claude-code-no-trace-ids",
                              "claude-code-traced",
                              "codex-cli",
                              "eval-late",
                              "g0-span-events",
                              "g1-error",
                              "g1-happy",
                              "g1-nocapture",
                              "g2-happy",
                              "g2-history-64k",
                              "g2-long-2048",
                              "g2-multichoice",
                              "g2-upload-ref",
                              "gemini-cli",
                              "google-genai-g1",
                              "html-injection-logs",
                              "langfuse-sdk",
                              "mcp-spans",
                              "nested-agents-dup",
                              "oi-multimodal",
                              "pydantic-ai",
                              "semantic-kernel-python",
                              "strands",
                              "tl-legacy",
                              "unicode-inject",
                              "vercel-ai"};

// A recorded run, woven as it is for the transcript.
struct RecordedRun {
  explicit RecordedRun(const char* name) {
    genai::testing::RecordedCase recorded = genai::testing::LoadCase(name);
    reading = std::make_shared<Reading>(std::move(recorded.reading));
    weave::WeaveOptions options;
    options.history = settings::History::kDelta;
    woven = weave::Weave({recorded.trace.id, std::make_shared<Trace>(std::move(recorded.trace)),
                          std::make_shared<LogBatch>(std::move(recorded.logs)), reading},
                         options);
  }
  std::shared_ptr<Reading> reading;
  weave::Woven woven;
};

std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines;
  size_t begin = 0;
  for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
}

class FixturesTest : public ::testing::TestWithParam<const char*> {};

TEST_P(FixturesTest, LetsNoControlCharacterThrough) {
  const RecordedRun run(GetParam());
  for (const Format format : {Format::kText, Format::kMarkdown, Format::kJsonLines}) {
    const std::string text = Export(run.woven, format);
    EXPECT_TRUE(!text.empty() || format == Format::kJsonLines);
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      EXPECT_TRUE(byte >= 0x20 || c == '\n' || c == '\t') << static_cast<int>(byte);
    }
  }
}

TEST_P(FixturesTest, ClosesEveryFence) {
  const RecordedRun run(GetParam());
  std::string open;
  for (const std::string& line : SplitLines(Export(run.woven, Format::kMarkdown))) {
    const size_t ticks = std::min(line.find_first_not_of('`'), line.size());
    if (open.empty() && ticks >= 3) {
      open = line.substr(0, ticks);
    } else if (!open.empty() && line == open) {
      open.clear();
    }
  }
  EXPECT_EQ(open, "");
}

TEST_P(FixturesTest, WritesEveryTextThatWasReadAsAMessageOfTheChatApi) {
  const RecordedRun run(GetParam());
  std::set<std::string> contents;
  for (const std::string& line : SplitLines(Export(run.woven, Format::kJsonLines))) {
    const Json message = Json::parse(line);
    ASSERT_TRUE(message["role"].is_string());
    ASSERT_TRUE(message.contains("content"));
    if (message["content"].is_string()) contents.insert(message["content"].get<std::string>());
    if (!message.contains("tool_calls")) continue;
    for (const Json& call : message["tool_calls"]) {
      EXPECT_TRUE(call["function"]["arguments"].is_string());
    }
  }
  for (const Message& message : run.reading->messages) {
    if (message.kind != PartKind::kText || message.text.empty()) continue;
    EXPECT_EQ(contents.count(std::string(message.text)), 1u) << message.text;
  }
}

INSTANTIATE_TEST_SUITE_P(RecordedCases, FixturesTest, ::testing::ValuesIn(kCases),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace spanlog::exports
