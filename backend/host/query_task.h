// One query of a QueryData request, from its JSON to its response.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/rope.h"
#include "host/instances.h"
#include "host/request.h"
#include "proto/pluginv2.pb.h"

namespace spanlog::host {

struct QueryResult {
  int status = 200;
  std::string error;  // empty: none
  std::string error_source;
  std::vector<Rope> frames;
};

// Blocks. Never throws: whatever goes wrong is this query's own error, and counted and logged.
QueryResult RunQuery(const Backend& backend, const pluginv2::DataQuery& query,
                     const RequestFacts& facts);

// The result of a query that was not run.
QueryResult Failed(const absl::Status& status, const pluginv2::DataQuery& query,
                   const RequestFacts& facts);

}  // namespace spanlog::host
