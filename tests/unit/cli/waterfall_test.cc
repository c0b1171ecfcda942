#include "cli/waterfall.h"

#include <gtest/gtest.h>

#include "cli/display_width.h"
#include "view_testing.h"

namespace spanlog::cli {
namespace {

std::vector<weave::Row> AgentRows() {
  return {RowOf("r", "", "travel", "invoke_agent", 0, 1000),
          RowOf("c", "r", "travel", "chat gpt-4o", 100, 400),
          LogRowOf("u", "c", "user", "Weather in Paris?", 100),
          LogRowOf("a", "c", "assistant", "It rains.", 499),
          RowOf("d", "r", "travel", "done", 750, 250)};
}

std::string Draw(std::vector<weave::Row> rows, Terminal terminal) {
  const absl::StatusOr<TraceView> view = BuildTraceView(FrameOf(std::move(rows)));
  EXPECT_TRUE(view.ok());
  return DrawWaterfall(*view, terminal);
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  size_t from = 0;
  for (size_t end; (end = text.find('\n', from)) != std::string::npos; from = end + 1) {
    lines.push_back(text.substr(from, end - from));
  }
  return lines;
}

TEST(WaterfallTest, IsPlainWithoutATerminal) {
  EXPECT_EQ(Draw(AgentRows(), {}),
            R"(travel    invoke_agent            ##############################       1 s
travel    |- chat gpt-4o             ############                   400 ms
user      |  |- Weather in Paris?    |
assistant |  `- It rains.                       |
travel    `- done                                       ########    250 ms
trace 0af7651916cd43dd8448eb211c80319c: 3 spans, 2 log rows
)");
}

TEST(WaterfallTest, DrawsLinesAndBlocksWhereTheTerminalHasThem) {
  Terminal terminal;
  terminal.unicode = true;
  terminal.width = 60;
  const std::vector<std::string> lines = Lines(Draw(AgentRows(), terminal));
  EXPECT_NE(lines[0].find("█"), std::string::npos);
  EXPECT_NE(lines[1].find("├─ chat gpt-4o"), std::string::npos);
  EXPECT_NE(lines[2].find("│  ├─ Weather"), std::string::npos);
  EXPECT_NE(lines[3].find("└─ It rains."), std::string::npos);
}

TEST(WaterfallTest, KeepsWholeNamesWithoutATerminal) {
  const std::string name(300, 'x');
  EXPECT_NE(Draw({RowOf("r", "", "s", name, 0, 1)}, {}).find(name), std::string::npos);
}

TEST(WaterfallTest, FitsEveryWidth) {
  std::vector<weave::Row> rows = AgentRows();
  const std::string wide =
      "日本語のとても長いメッセージ 🎉👩‍👩‍👧 "
      "と絵文字、そして続き、さらに続く";
  rows[2].operation_name = wide;
  rows[0].service_name = "a-service-with-a-very-long-name-indeed";
  for (const bool color : {false, true}) {
    for (size_t width = 40; width < 250; width += 7) {
      Terminal terminal{width, color, true, true};
      std::string text = Draw(rows, terminal);
      for (size_t escape; (escape = text.find('\x1b')) != std::string::npos;) {
        text.erase(escape, text.find('m', escape) - escape + 1);
      }
      for (const std::string& line : Lines(text)) {
        if (line.find("trace 0af7") == 0) continue;
        EXPECT_LE(DisplayWidth(line), width) << line;
      }
    }
  }
}

TEST(WaterfallTest, ColorsOnlyWhenAsked) {
  EXPECT_EQ(Draw(AgentRows(), {}).find('\x1b'), std::string::npos);
  Terminal terminal;
  terminal.color = true;
  const std::string text = Draw(AgentRows(), terminal);
  EXPECT_NE(text.find("\x1b[36muser"), std::string::npos);
  EXPECT_NE(text.find("\x1b[32massistant"), std::string::npos);
}

TEST(WaterfallTest, MarksErrorsInRed) {
  std::vector<weave::Row> rows = AgentRows();
  rows[1].status = StatusCode::kError;
  Terminal terminal;
  terminal.color = true;
  EXPECT_NE(Draw(rows, terminal).find("\x1b[31mtravel"), std::string::npos);
}

TEST(WaterfallTest, SaysWarningsFirstAndWrapsThem) {
  TraceView view;
  view.warnings = {"one two three four five six seven eight nine ten eleven twelve"};
  Terminal terminal;
  terminal.width = 30;
  EXPECT_EQ(DrawWaterfall(view, terminal),
            "! one two three four five six\n  seven eight nine ten eleven\n  twelve\n"
            "trace : 0 spans, 0 log rows\n");
}

TEST(WaterfallTest, ShowsTheSummaryOfASpan) {
  std::vector<weave::Row> rows = AgentRows();
  const weave::Tag summary{weave::kSummaryKey, Value::String("1 LLM")};
  rows[0].tags = absl::Span<const weave::Tag>(&summary, 1);
  EXPECT_NE(Draw(rows, {}).find("invoke_agent  (1 LLM)"), std::string::npos);
}

TEST(WaterfallTest, DrawsATraceThatTakesNoTime) {
  EXPECT_NE(Draw({RowOf("r", "", "s", "root", 0, 0)}, {}).find("root"), std::string::npos);
}

TEST(WaterfallTest, DrawsAVeryDeepTrace) {
  std::vector<std::string> ids;
  for (int i = 0; i < 1'000; ++i) ids.push_back("s" + std::to_string(i));
  std::vector<weave::Row> rows;
  for (size_t i = 0; i < ids.size(); ++i) {
    rows.push_back(RowOf(ids[i], i == 0 ? "" : std::string_view(ids[i - 1]), "s", "deep", 0, 1));
  }
  Terminal terminal;
  terminal.width = 100;
  EXPECT_EQ(Lines(Draw(rows, terminal)).size(), 1'001u);
}

}  // namespace
}  // namespace spanlog::cli
