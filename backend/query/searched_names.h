// Which attributes a search looks at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spanlog::query {

// Every word of a TraceQL query, or of search words, that can be an attribute's name, with its
// scope as it is written; quoted names (span."a b") without quotes and with their escapes. Values
// in quotes are none.
std::vector<std::string> SearchedNames(std::string_view query);

}  // namespace spanlog::query
