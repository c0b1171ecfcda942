#include "cli/waterfall.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/text.h"
#include "cli/display_width.h"
#include "cli/lane_color.h"
#include "weave/titles.h"

namespace spanlog::cli {
namespace {

struct Glyphs {
  std::string_view branch, last, pass, bar, tick, cut, warning;
};
constexpr Glyphs kUnicode = {"├─ ", "└─ ", "│  ", "█", "▏", "…", "⚠ "};
constexpr Glyphs kAscii = {"|- ", "`- ", "|  ", "#", "|", "...", "! "};

constexpr size_t kMaxLane = 16;
constexpr size_t kDuration = 9;
constexpr size_t kMinName = 12;
constexpr size_t kMinBar = 6;
constexpr size_t kMaxBar = 60;
constexpr size_t kPipedBar = 30;

class Painter {
 public:
  Painter(const TraceView& view, const Terminal& terminal)
      : view_(view), terminal_(terminal), glyphs_(terminal.unicode ? kUnicode : kAscii) {
    size_t longest = kMinName;
    const size_t max_lane = terminal.width == 0 ? kMaxLane : std::min(kMaxLane, terminal.width / 5);
    for (const ViewRow& row : view.rows) {
      lane_width_ = std::max(lane_width_, std::min(DisplayWidth(row.lane), max_lane));
      longest = std::max(longest, DisplayWidth(TreePart(row)) + DisplayWidth(NamePart(row)));
    }
    if (terminal.width == 0) {
      name_width_ = longest;
      bar_width_ = kPipedBar;
      return;
    }
    const size_t fixed = lane_width_ + kDuration + 4;  // a blank between columns and bar's edges
    const size_t rest = std::max(terminal.width, fixed + kMinName + kMinBar) - fixed;
    bar_width_ = std::clamp<size_t>(rest * 3 / 10, kMinBar, kMaxBar);
    name_width_ = std::min(rest - bar_width_, longest);
    bar_width_ = std::min(rest - name_width_, kMaxBar);
  }

  std::string Draw() {
    for (const std::string& warning : view_.warnings) AddWrapped(warning);
    for (const ViewRow& row : view_.rows) AddRow(row);
    AddFooter();
    return std::move(out_);
  }

 private:
  void Color(std::string_view code, std::string_view text) {
    if (terminal_.color && !code.empty()) {
      Append(out_, "\x1b[", code, "m", text, "\x1b[0m");
    } else {
      out_ += text;
    }
  }

  // Warnings are sentences: they go on on the next line.
  void AddWrapped(std::string_view text) {
    const size_t mark = DisplayWidth(glyphs_.warning);
    const size_t width = terminal_.width == 0 ? std::string_view::npos
                                              : std::max<size_t>(terminal_.width, 20) - mark;
    std::string_view prefix = glyphs_.warning;
    while (!text.empty()) {
      size_t end = 0;
      size_t used = 0;
      while (end < text.size()) {
        const size_t space = std::min(text.find(' ', end), text.size());
        const size_t word = DisplayWidth(text.substr(end, space - end)) + (end > 0 ? 1 : 0);
        if (end > 0 && used + word > width) break;
        used += word;
        end = std::min(space + 1, text.size());
        if (space == text.size()) break;
      }
      std::string_view line = TrimSpace(text.substr(0, end));
      Color("33", Concat(prefix, line));
      out_ += '\n';
      text.remove_prefix(end);
      prefix = "  ";
    }
  }

  std::string TreePart(const ViewRow& row) const {
    std::string tree;
    const size_t levels = row.later_siblings.size();
    for (size_t level = 0; level < levels; ++level) {
      const bool more = row.later_siblings[level];
      if (level + 1 == levels) {
        tree += more ? glyphs_.branch : glyphs_.last;
      } else {
        tree += more ? glyphs_.pass : "   ";
      }
    }
    return tree;
  }

  std::string NamePart(const ViewRow& row) const {
    const std::string_view name = row.name.empty() ? "(no name)" : std::string_view(row.name);
    return row.summary.empty() ? std::string(name) : Concat(name, "  (", row.summary, ")");
  }

  void AddRow(const ViewRow& row) {
    const std::string color = row.is_error ? "31" : LaneColor(row.lane);
    Color(color, FitWidth(row.lane, lane_width_, glyphs_.cut));
    out_ += ' ';
    const std::string tree = TreePart(row);
    const size_t tree_width = std::min(DisplayWidth(tree), name_width_);
    Color("90", FitWidth(tree, tree_width, ""));
    Color(row.is_error ? "31"
          : row.is_log ? ""
                       : "1",
          FitWidth(NamePart(row), name_width_ - tree_width, glyphs_.cut));
    out_ += ' ';
    AddBar(row, color);
    // A log span has no duration to tell.
    std::string duration;
    if (!row.is_log || row.duration_ms > 0) {
      duration = weave::DurationText(static_cast<int64_t>(std::llround(row.duration_ms * 1e6)));
      if (!terminal_.unicode && StartsWith(duration.substr(duration.size() - 3), "µ")) {
        duration.replace(duration.size() - 3, 3, "us");
      }
    }
    const size_t width = DisplayWidth(duration);
    if (!duration.empty()) {
      out_.append(1 + kDuration - std::min(width, kDuration), ' ');
      Color("2", duration);
    }
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    out_ += '\n';
  }

  void AddBar(const ViewRow& row, std::string_view color) {
    const double total = std::max(view_.end_ms - view_.start_ms, 1e-6);
    const auto cells = static_cast<double>(bar_width_);
    const auto cell_of = [&](double ms) { return (ms - view_.start_ms) / total * cells; };
    const size_t last = bar_width_ - 1;
    const size_t begin =
        std::min(static_cast<size_t>(std::max(0.0, std::floor(cell_of(row.start_ms)))), last);
    const double end_at = std::ceil(cell_of(row.start_ms + row.duration_ms) - 1e-9);
    const size_t end =
        std::clamp(static_cast<size_t>(std::max(0.0, end_at)), begin + 1, bar_width_);
    out_.append(begin, ' ');
    std::string bar;
    if (row.duration_ms <= 0) {
      bar = glyphs_.tick;
    } else {
      for (size_t cell = begin; cell < end; ++cell) bar += glyphs_.bar;
    }
    Color(color, bar);
    const size_t used = row.duration_ms <= 0 ? begin + 1 : end;
    out_.append(bar_width_ - used, ' ');
  }

  void AddFooter() {
    const auto logs = static_cast<size_t>(std::count_if(
        view_.rows.begin(), view_.rows.end(), [](const ViewRow& row) { return row.is_log; }));
    const size_t spans = view_.rows.size() - logs;
    Color("2", Concat("trace ", view_.trace_id, ": ", spans, spans == 1 ? " span, " : " spans, ",
                      logs, logs == 1 ? " log row" : " log rows"));
    out_ += '\n';
  }

  const TraceView& view_;
  const Terminal& terminal_;
  const Glyphs& glyphs_;
  size_t lane_width_ = 4;
  size_t name_width_ = kMinName;
  size_t bar_width_ = kPipedBar;
  std::string out_;
};

}  // namespace

std::string DrawWaterfall(const TraceView& view, const Terminal& terminal) {
  return Painter(view, terminal).Draw();
}

}  // namespace spanlog::cli
