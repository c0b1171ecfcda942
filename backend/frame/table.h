// Frames that are no trace: columns of text, numbers and times, and their Arrow form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/rope.h"

namespace spanlog::frame {

struct Column {
  std::string name;
  std::string config_json;  // Grafana's FieldConfig; empty: none
  std::string labels_json;
  // One of: text, text with nulls, whole numbers, numbers (NaN = null), times in ns, JSON cells.
  struct Json {
    std::vector<std::string> cells;
  };
  struct Times {
    std::vector<int64_t> ns;
  };
  std::variant<std::vector<std::string>, std::vector<std::optional<std::string>>,
               std::vector<int64_t>, std::vector<double>, Times, Json>
      data;
};

struct Table {
  std::string name;
  std::string ref_id;
  std::string meta_json;        // FrameMeta: {"preferredVisualisationType":"table",…}
  std::vector<Column> columns;  // all of the same length
};

// Arrow IPC file bytes.
Rope EncodeTable(const Table& table);

}  // namespace spanlog::frame
