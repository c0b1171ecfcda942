// The query that the settings or a reader give: a LogQL template with the trace's values in it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "model/ids.h"

namespace spanlog::stores {

// What `${…}` stands for in a configured query.
struct QueryVariables {
  TraceId trace_id;
  std::vector<std::string> services;
  std::vector<std::pair<std::string, std::string>> attributes;
};

struct FilledQuery {
  std::string text;
  // A span attribute that the query asks for and no span of the trace has; `text` is empty then.
  std::string missing;
};

// Puts the values of ${__trace.traceId}, ${__trace.services} and ${__span.tags["x"]} into a
// template. Inside a string a value is escaped for it, inside a regular expression (=~ !~ |~) it
// matches literally and several values become alternatives. Outside of strings only letters, digits
// and _ may appear; in a pattern or a template no value may bring signs of its own. Error:
// InvalidArgument for an unknown variable or a value that its place cannot hold.
absl::StatusOr<FilledQuery> FillQuery(std::string_view query, const QueryVariables& variables);

}  // namespace spanlog::stores
