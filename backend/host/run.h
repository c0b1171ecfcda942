// The plugin process from start to end.
#pragma once

#include <string>
#include <vector>

#include "host/resources/router.h"
#include "host/service.h"

namespace spanlog::host {

// Serves Grafana until it says stop, dies or SIGTERM comes. Returns the exit code when it cannot
// start; ends the process itself after serving, so that nothing that hangs can hold it up.
int RunPlugin(OpenBackend open, std::vector<Route> routes, std::string version);

}  // namespace spanlog::host
