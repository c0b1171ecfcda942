// Paths into JSON values, as the rules of a policy write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace spanlog::policy {

// Where a value stands in a JSON text, from the outside in.
struct JsonStep {
  std::string name;   // of an object's member
  int position = -1;  // in a list; -1: `name` counts
};

// Reads `messages.*.content`, `$.messages[*]['content']`, `$..email`. A step is a member's name, a
// position, `*` (any one of them) or `**` (any number of them, written `..`). InvalidArgument for
// filters and slices, which would be ignored otherwise.
absl::StatusOr<std::vector<std::string>> ParseJsonPath(std::string_view path);

// True when the rule names the value at `path`. List positions may be left out of a rule:
// messages.content reaches each message.
bool MatchesJsonPath(const std::vector<std::string>& rule, const std::vector<JsonStep>& path);

}  // namespace spanlog::policy
