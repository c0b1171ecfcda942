#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

#include "base/utf8.h"
#include "frame/arrow_reader.h"
#include "target.h"
#include "whole.h"

namespace spanlog::fuzz {
namespace {

using Json = nlohmann::json;

const frame::FrameColumn& Column(const frame::FrameColumns& frame, std::string_view name) {
  for (const frame::FrameColumn& column : frame.columns) {
    if (column.name == name) return column;
  }
  Require(false, "the frame has every column", name);
  return frame.columns[0];
}

// Grafana puts these into the page as HTML.
void CheckHtml(const std::string& html) {
  for (size_t i = 0; i < html.size(); ++i) {
    Require(html[i] != '<' && html[i] != '>', "text for HTML has no markup", html);
    if (html[i] != '&') continue;
    bool entity = false;
    for (const char* each : {"&lt;", "&gt;", "&amp;", "&quot;", "&#39;"}) {
      entity |= html.compare(i, std::char_traits<char>::length(each), each) == 0;
    }
    Require(entity, "text for HTML has no bare &", html);
  }
}

void CheckTags(const Json& tags) {
  for (const Json& tag : tags) {
    Require(
        tag.is_object() && tag.contains("key") && tag["key"].is_string() && tag.contains("value"),
        "a tag has a key and a value", tag.dump());
    if (!tag.contains("type")) continue;
    Require(tag["type"] == "text" || tag["type"] == "code", "a tag's type is known", tag.dump());
    Require(tag["value"].is_string(), "a typed tag is a text", tag.dump());
    CheckHtml(tag["value"].get<std::string>());
  }
}

std::string KindOf(const Json& tags) {
  for (const Json& tag : tags) {
    if (tag["key"] == "spanlog.kind" && tag["value"].is_string()) {
      return tag["value"].get<std::string>();
    }
  }
  return "";
}

void CheckCells(const frame::FrameColumn& column) {
  for (size_t row = 0; row < column.rows(); ++row) {
    if (column.type == frame::ColumnType::kText) {
      Require(IsValidUtf8(column.Cell(row)), "a text cell is valid UTF-8", column.name);
    }
    if (column.type != frame::ColumnType::kJson) continue;
    const std::string_view cell = column.Cell(row);
    const Json json = Json::parse(cell, nullptr, false);
    Require(!json.is_discarded(), "a JSON cell is JSON", cell);
    Require(json.is_array() || json.is_null(), "a JSON cell is a list", cell);
    if (column.name == "tags" || column.name == "serviceTags") CheckTags(json);
  }
}

void CheckNumbers(const frame::FrameColumns& frame) {
  const auto& start = Column(frame, "startTime");
  const auto& duration = Column(frame, "duration");
  const auto& status = Column(frame, "statusCode");
  for (size_t row = 0; row < frame.rows(); ++row) {
    Require(std::isfinite(start.Real(row)) && start.Real(row) > 0, "a row has a start");
    Require(std::isfinite(duration.Real(row)) && duration.Real(row) >= 0, "a duration is positive");
    Require(!status.IsNull(row) && status.Int(row) >= 0 && status.Int(row) <= 2,
            "a status is 0, 1 or 2");
    Require(row == 0 || start.Real(row - 1) <= start.Real(row), "rows are in the order of time");
  }
}

void CheckTree(const frame::FrameColumns& frame) {
  const auto& ids = Column(frame, "spanID");
  const auto& parents = Column(frame, "parentSpanID");
  const auto& tags = Column(frame, "tags");
  std::unordered_map<std::string_view, size_t> row_of;
  for (size_t row = 0; row < frame.rows(); ++row) {
    Require(!ids.Cell(row).empty(), "every row has an id");
    Require(row_of.emplace(ids.Cell(row), row).second, "ids are unique", ids.Cell(row));
  }
  // 1: on the way up now, 2: known to end at a root.
  std::vector<uint8_t> state(frame.rows(), 0);
  for (size_t row = 0; row < frame.rows(); ++row) {
    const std::string_view parent = parents.Cell(row);
    const std::string kind = KindOf(Json::parse(tags.Cell(row)));
    if (kind == "log" || kind == "message" || kind == "history") {
      Require(row_of.contains(parent), "the parent of a log span is in the frame", ids.Cell(row));
    }
    std::vector<size_t> way;
    for (size_t at = row; state[at] != 2;) {
      Require(state[at] != 1, "nothing is its own ancestor", ids.Cell(at));
      state[at] = 1;
      way.push_back(at);
      const auto above = row_of.find(parents.Cell(at));
      if (above == row_of.end()) break;
      at = above->second;
    }
    for (const size_t each : way) state[each] = 2;
  }
}

}  // namespace

void CheckFrame(std::string_view file) {
  const auto frame = frame::ReadArrowFile(file);
  Require(frame.ok(), "the frame can be read", std::string(frame.status().message()));
  const Json meta = Json::parse(frame->meta_json, nullptr, false);
  Require(meta.is_object() && meta.value("preferredVisualisationType", "") == "trace",
          "the frame is a trace", frame->meta_json);
  for (const frame::FrameColumn& column : frame->columns) {
    Require(column.rows() == frame->rows(), "columns are of one length", column.name);
    CheckCells(column);
  }
  CheckNumbers(*frame);
  CheckTree(*frame);
}

}  // namespace spanlog::fuzz
