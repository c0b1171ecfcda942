// Log records as Loki holds them, read from recorded answers and written as answers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "replay/fixtures.h"

namespace spanlog::replay {

using Labels = std::map<std::string, std::string>;

struct LokiEntry {
  std::shared_ptr<const Labels> stream;
  int64_t time_ns = 0;
  std::string line;
  Labels metadata;
  Labels parsed;       // what `| json` and the like found
  std::string tenant;  // empty: of a Loki without tenants
};

// "{a="b", c="d"}": how Loki orders streams.
std::string LabelString(const Labels& labels);

// Every record of every recorded Loki answer of a case, each once: Loki itself keeps one of
// identical ones.
std::vector<LokiEntry> ReadLokiEntries(const Case& one);

// A query_range answer. `categorize`: labels, metadata and parsed labels apart, as three-element
// entries; else merged into one label set per stream.
std::string WriteLokiAnswer(const std::vector<const LokiEntry*>& entries, bool categorize);

// A JSON string as Go writes it, quotes included. Loki escapes HTML in lines, not in labels.
void AppendGoJson(std::string& out, std::string_view text, bool escape_html = false);

}  // namespace spanlog::replay
