// Writing LogQL. Everything that comes from a trace or a person goes through here, so that no value
// can end the string it is put into.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "model/ids.h"

namespace spanlog::stores {

// A double-quoted LogQL string with Go's escapes. Bytes that are no UTF-8 become U+FFFD.
std::string LogQlString(std::string_view text);

// RE2's special characters escaped, so that `text` matches itself.
std::string RegexLiteral(std::string_view text);

// `label=~"a|b"` with every value matched literally.
std::string AnyOfMatcher(std::string_view label, const std::vector<std::string>& values);

// Loki's spelling of an attribute key: `session.id` -> `session_id`. Runs of `_` become one.
std::string LokiName(std::string_view key);

// True when `query` is a stream selector and nothing else: `{app="x"}`.
bool IsBareSelector(std::string_view query);

// True when `query` is a stream selector and line filters (|= != |~ !~ |> !>): nothing that takes a
// line apart or gives it another form.
bool IsSelectorWithLineFilters(std::string_view query);

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

// Puts the values of ${__trace.traceId}, ${__trace.services} and ${__span.tags["x"]} into a template.
// Inside a string a value is escaped for it, inside a regular expression (=~ !~ |~) it matches
// literally and several values become alternatives. Outside of strings only letters, digits and _ may
// appear; in a pattern or a template no value may bring signs of its own. Error: InvalidArgument for an unknown variable or a value that its place cannot hold.
absl::StatusOr<FilledQuery> FillQuery(std::string_view query, const QueryVariables& variables);

}  // namespace spanlog::stores
