// One colour per lane.
#pragma once

#include <string>
#include <string_view>

namespace spanlog::cli {

// Parameters of the escape sequence that selects a graphic rendition ("36"). Roles and levels have
// a colour of their own; a service always gets the same one. Red is for errors alone.
std::string LaneColor(std::string_view lane);

}  // namespace spanlog::cli
