// What the RPCs share.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "host/instances.h"
#include "host/resources/router.h"
#include "host/worker_pool.h"

namespace spanlog::host {

struct Core {
  Core(OpenBackend open, std::string plugin_version, std::vector<Route> resource_routes = {})
      : version(plugin_version),
        instances(std::move(open), std::move(plugin_version)),
        routes(std::move(resource_routes)) {}

  const std::string version;
  Instances instances;
  const std::vector<Route> routes;
  // Called when Grafana asks the process to end. Must return at once.
  std::function<void()> on_shutdown = [] {};
  WorkerPool pool;  // last: its threads use the others
};

}  // namespace spanlog::host
