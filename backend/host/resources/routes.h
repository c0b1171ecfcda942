// Every resource endpoint of the plugin.
#pragma once

#include <vector>

#include "host/resources/router.h"

namespace spanlog::host {

std::vector<Route> AllRoutes();

}  // namespace spanlog::host
