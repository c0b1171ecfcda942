// Is a text JSON that Grafana will pretty-print?
#pragma once

#include <string_view>

namespace spanlog {

// True when `text` is one whole JSON object or array (blanks around it allowed). Thread-safe.
bool IsJsonContainer(std::string_view text);

}  // namespace spanlog
