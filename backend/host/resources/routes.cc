#include "host/resources/routes.h"

#include "host/resources/lists.h"
#include "host/resources/transcript.h"

namespace spanlog::host {

std::vector<Route> AllRoutes() {
  return {
      {"tags", ListTags},
      {"tag-values", ListTagValues},
      {"services", ListServices},
      {"operations", ListOperations},
      {"log-labels", ListLogLabels},
      {"log-label-values", ListLogLabelValues},
      {"transcript", Transcript},
  };
}

}  // namespace spanlog::host
