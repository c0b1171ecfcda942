// What `| json` and `| logfmt` find in a line.
#pragma once

#include <string_view>

#include "replay/loki_entry.h"

namespace spanlog::replay {

// Nested names are joined with "_", lists are left out; __error__ when the line is no JSON object.
Labels ParseJsonLine(std::string_view line);
Labels ParseLogfmtLine(std::string_view line);

}  // namespace spanlog::replay
