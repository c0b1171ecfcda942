#include "views/row_facts.h"

#include "base/text.h"

namespace spanlog::views {

std::string_view TagText(const weave::Row& row, std::string_view key) {
  for (const weave::Tag& tag : row.tags) {
    if (tag.key == key) return tag.value.text();
  }
  return {};
}

int64_t RecordTime(const weave::Row& row) {
  int64_t ns = 0;
  return ParseInt64(TagText(row, weave::kTimestampKey), ns) ? ns : 0;
}

}  // namespace spanlog::views
