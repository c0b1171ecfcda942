// Names by pattern: `*` stands for any run of characters.
#pragma once

#include <string_view>

namespace spanlog {

// Letters A-Z are compared without case: models of the price table.
bool MatchesWildcard(std::string_view text, std::string_view pattern);

// A `.` in the pattern stands for `_` too, because Loki has no dots; case counts: attribute keys.
bool MatchesKeyWildcard(std::string_view key, std::string_view pattern);

}  // namespace spanlog
