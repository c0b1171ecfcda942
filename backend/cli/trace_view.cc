#include "cli/trace_view.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "export/printable.h"

namespace spanlog::cli {
namespace {

using exports::PrintableLine;
using frame::ColumnType;
using frame::FrameColumn;
using Json = nlohmann::json;

class ViewBuilder {
 public:
  absl::StatusOr<TraceView> Build(const frame::FrameColumns& frame) {
    for (const auto& [name, type, column] : {std::tuple{"traceID", ColumnType::kText, &trace_id_},
                                             {"spanID", ColumnType::kText, &span_id_},
                                             {"parentSpanID", ColumnType::kText, &parent_id_},
                                             {"operationName", ColumnType::kText, &name_},
                                             {"serviceName", ColumnType::kText, &service_},
                                             {"statusCode", ColumnType::kInt, &status_},
                                             {"startTime", ColumnType::kReal, &start_},
                                             {"duration", ColumnType::kReal, &duration_},
                                             {"tags", ColumnType::kJson, &tags_},
                                             {"warnings", ColumnType::kJson, &warnings_}}) {
      for (const FrameColumn& candidate : frame.columns) {
        if (candidate.name == name && candidate.type == type) *column = &candidate;
      }
      if (*column == nullptr) {
        return absl::InvalidArgumentError(
            Concat("the answer's first frame is no trace: it has no column ", name));
      }
    }
    const size_t rows = frame.rows();
    if (rows > 0) view_.trace_id = PrintableLine(trace_id_->Cell(0));
    Link(rows);
    for (const size_t root : roots_) Walk(root);
    // Spans whose parents form a circle hang below none of the roots.
    for (size_t row = 0; row < rows; ++row) {
      if (!seen_[row]) Walk(row);
    }
    AddNotices(frame.meta_json);
    return std::move(view_);
  }

 private:
  void Link(size_t rows) {
    StringMap<size_t> by_id;
    for (size_t row = 0; row < rows; ++row) by_id.emplace(span_id_->Cell(row), row);
    children_.resize(rows);
    seen_.resize(rows, false);
    for (size_t row = 0; row < rows; ++row) {
      const auto parent = by_id.find(parent_id_->Cell(row));
      const bool is_root = parent_id_->Cell(row).empty() || parent == by_id.end();
      (is_root ? roots_ : children_[parent->second]).push_back(row);
    }
    for (size_t row = 0; row < rows; ++row) {
      const double end = start_->Real(row) + duration_->Real(row);
      view_.start_ms = row == 0 ? start_->Real(row) : std::min(view_.start_ms, start_->Real(row));
      view_.end_ms = row == 0 ? end : std::max(view_.end_ms, end);
    }
  }

  void Walk(size_t root) {
    struct Step {
      size_t row;
      std::vector<bool> later_siblings;
    };
    std::vector<Step> steps = {{root, {}}};
    while (!steps.empty()) {
      Step step = std::move(steps.back());
      steps.pop_back();
      if (seen_[step.row]) continue;
      seen_[step.row] = true;
      const std::vector<size_t>& children = children_[step.row];
      // Later ones first: the stack turns them around.
      for (size_t i = children.size(); i-- > 0;) {
        if (seen_[children[i]]) continue;
        std::vector<bool> later = step.later_siblings;
        later.push_back(i + 1 < children.size());
        if (later.size() > kMaxLevels) later.erase(later.begin());
        steps.push_back({children[i], std::move(later)});
      }
      AddRow(step.row, std::move(step.later_siblings));
    }
  }

  void AddRow(size_t row, std::vector<bool> later_siblings) {
    ViewRow out;
    out.lane = PrintableLine(service_->Cell(row));
    out.name = PrintableLine(name_->Cell(row));
    out.start_ms = start_->Real(row);
    out.duration_ms = duration_->Real(row);
    out.is_error = status_->Int(row) == 2;
    out.later_siblings = std::move(later_siblings);
    const Json tags = Json::parse(tags_->Cell(row), nullptr, false);
    for (const Json& tag : tags.is_array() ? tags : Json::array()) {
      const auto text = [&](const char* member) {
        const auto found = tag.find(member);
        return found != tag.end() && found->is_string() ? found->get<std::string>() : std::string();
      };
      const std::string key = text("key");
      if (key == "summary") out.summary = PrintableLine(text("value"));
      if (key == "spanlog.kind") out.is_log = text("value") != "run";
    }
    view_.rows.push_back(std::move(out));
    if (view_.rows.size() == 1) AddWarnings(Json::parse(warnings_->Cell(row), nullptr, false));
  }

  void AddWarning(const Json& text) {
    if (!text.is_string()) return;
    std::string line = PrintableLine(text.get<std::string>());
    if (std::find(view_.warnings.begin(), view_.warnings.end(), line) == view_.warnings.end()) {
      view_.warnings.push_back(std::move(line));
    }
  }

  void AddWarnings(const Json& texts) {
    if (!texts.is_array()) return;
    for (const Json& text : texts) AddWarning(text);
  }

  void AddNotices(const std::string& meta_json) {
    const Json meta = Json::parse(meta_json, nullptr, false);
    if (!meta.is_object() || !meta.contains("notices") || !meta["notices"].is_array()) return;
    for (const Json& notice : meta["notices"]) {
      if (notice.is_object() && notice.contains("text")) AddWarning(notice["text"]);
    }
  }

  const FrameColumn* trace_id_ = nullptr;
  const FrameColumn* span_id_ = nullptr;
  const FrameColumn* parent_id_ = nullptr;
  const FrameColumn* name_ = nullptr;
  const FrameColumn* service_ = nullptr;
  const FrameColumn* status_ = nullptr;
  const FrameColumn* start_ = nullptr;
  const FrameColumn* duration_ = nullptr;
  const FrameColumn* tags_ = nullptr;
  const FrameColumn* warnings_ = nullptr;
  TraceView view_;
  std::vector<std::vector<size_t>> children_;
  std::vector<size_t> roots_;
  std::vector<bool> seen_;
};

}  // namespace

absl::StatusOr<TraceView> BuildTraceView(const frame::FrameColumns& frame) {
  return ViewBuilder().Build(frame);
}

}  // namespace spanlog::cli
