#include "cli/trace_view.h"

#include <gtest/gtest.h>

#include <array>

#include "view_testing.h"

namespace spanlog::cli {
namespace {

TraceView View(std::vector<weave::Row> rows) {
  absl::StatusOr<TraceView> view = BuildTraceView(FrameOf(std::move(rows)));
  EXPECT_TRUE(view.ok()) << view.status();
  return view.ok() ? *std::move(view) : TraceView();
}

std::vector<std::string> Names(const TraceView& view) {
  std::vector<std::string> names;
  for (const ViewRow& row : view.rows) {
    names.push_back(std::string(row.later_siblings.size(), '>') + row.name);
  }
  return names;
}

using Texts = std::vector<std::string>;

TEST(TraceViewTest, OrdersRowsDepthFirst) {
  EXPECT_EQ(Names(View({RowOf("r", "", "s", "root", 0, 10), RowOf("a", "r", "s", "a", 1, 2),
                        RowOf("b", "r", "s", "b", 2, 2), LogRowOf("l", "a", "user", "log", 3),
                        RowOf("c", "b", "s", "c", 4, 1)})),
            (Texts{"root", ">a", ">>log", ">b", ">>c"}));
}

TEST(TraceViewTest, ShowsEveryRowWhateverItsParentIs) {
  const TraceView view =
      View({RowOf("x", "gone", "s", "orphan", 0, 1), RowOf("a", "b", "s", "a", 1, 1),
            RowOf("b", "a", "s", "b", 2, 1), RowOf("self", "self", "s", "me", 3, 1)});
  EXPECT_EQ(Names(view), (Texts{"orphan", "a", ">b", "me"}));
}

TEST(TraceViewTest, KnowsWhichLevelsGoOn) {
  const TraceView view = View({RowOf("r", "", "s", "root", 0, 10), RowOf("a", "r", "s", "a", 1, 2),
                               RowOf("b", "a", "s", "b", 2, 2), RowOf("c", "r", "s", "c", 3, 2)});
  EXPECT_EQ(view.rows[2].later_siblings, (std::vector<bool>{true, false}));
  EXPECT_EQ(view.rows[3].later_siblings, (std::vector<bool>{false}));
}

// Filled the memory when each row knew all levels above it.
TEST(TraceViewTest, KeepsTheInnermostLevelsOfARowThatIsDeep) {
  constexpr size_t kDeep = 20'000;
  std::vector<std::string> ids;
  for (size_t i = 0; i <= kDeep; ++i) ids.push_back(std::to_string(i));
  std::vector<weave::Row> rows = {RowOf(ids[0], "", "s", "root", 0, 10)};
  for (size_t i = 1; i < kDeep; ++i) rows.push_back(RowOf(ids[i], ids[i - 1], "s", "deep", 1, 2));
  rows.push_back(RowOf(ids[kDeep], ids[kDeep - 2], "s", "later", 2, 2));
  const TraceView view = View(std::move(rows));
  ASSERT_EQ(view.rows.size(), kDeep + 1);
  std::vector<bool> levels(kMaxLevels, false);
  levels.back() = true;
  EXPECT_EQ(view.rows[kDeep - 1].later_siblings, levels);
  levels.back() = false;
  EXPECT_EQ(view.rows[kDeep].later_siblings, levels);
}

TEST(TraceViewTest, ReadsWhatARowShows) {
  const std::array<weave::Tag, 1> tags = {{{weave::kSummaryKey, Value::String("2 LLM")}}};
  weave::Row root = RowOf("r", "", "agent", "run", 5, 10);
  root.tags = tags;
  root.status = StatusCode::kError;
  const TraceView view = View({root, LogRowOf("l", "r", "user", "hello", 7)});
  EXPECT_EQ(view.trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(view.rows[0].lane, "agent");
  EXPECT_EQ(view.rows[0].summary, "2 LLM");
  EXPECT_TRUE(view.rows[0].is_error);
  EXPECT_FALSE(view.rows[0].is_log);
  EXPECT_TRUE(view.rows[1].is_log);
  EXPECT_NEAR(view.end_ms - view.start_ms, 10, 0.001);
}

TEST(TraceViewTest, TellsWarningsAndNoticesOnce) {
  const std::array<std::string_view, 2> warnings = {"cut by Tempo", "both"};
  weave::Row root = RowOf("r", "", "s", "root", 0, 1);
  root.warnings = warnings;
  weave::Woven woven = WovenOf({root});
  woven.notices = {{weave::NoticeSeverity::kInfo, "both"}, {weave::NoticeSeverity::kInfo, "more"}};
  const absl::StatusOr<TraceView> view = BuildTraceView(frame::BuildTraceColumns(woven, {}));
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->warnings, (Texts{"cut by Tempo", "both", "more"}));
}

TEST(TraceViewTest, LetsNoControlCharacterIn) {
  const TraceView view = View({RowOf("r", "", "s\x1b[31m", "a\x1b]0;x\x07\nb", 0, 1)});
  EXPECT_EQ(view.rows[0].lane, "s␛[31m");
  EXPECT_EQ(view.rows[0].name, "a␛]0;x␇ b");
}

TEST(TraceViewTest, TakesATraceWithoutRows) { EXPECT_TRUE(View({}).rows.empty()); }

TEST(TraceViewTest, RefusesAFrameThatIsNoTrace) {
  frame::FrameColumns table;
  table.columns.emplace_back("traceID", frame::ColumnType::kText, 0);
  const absl::Status status = BuildTraceView(table).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("spanID"), absl::string_view::npos);
}

}  // namespace
}  // namespace spanlog::cli
