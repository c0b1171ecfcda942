// What a view needs to know of a woven row.
#pragma once

#include <cstdint>
#include <string_view>

#include "weave/woven.h"

namespace spanlog::views {

// Text of the row's own tag; empty when it has none.
std::string_view TagText(const weave::Row& row, std::string_view key);

// The time in ns that its log record has in the log store; 0 for a row that is from no record.
int64_t RecordTime(const weave::Row& row);

}  // namespace spanlog::views
