// Tempo's search builder: the filters of a query of type `traceqlSearch`, which the links of
// Tempo's service graph and a change of data source in Explore bring along.
#pragma once

#include <string>

#include "nlohmann/json.hpp"

namespace spanlog::settings {

// The TraceQL that the filters stand for, `{}` for none. What is no filter is left out, as Tempo's
// editor does; a value can end no string.
std::string TraceQlOfFilters(const nlohmann::json& filters);

}  // namespace spanlog::settings
