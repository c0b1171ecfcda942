// Ready-made redaction rules.
#pragma once

#include <string_view>
#include <vector>

#include "policy/policy.h"

namespace spanlog::policy {

// "apiKeys", "bearerTokens", "emails", "phones", "cards"; empty for any other name.
std::vector<RegexRule> BuiltinRules(std::string_view name);

// Ends of names (of attributes, JSON members, name=value pairs) whose values are secrets to this
// set, whatever they look like: password, apikey. Lower case, letters and digits only.
std::vector<std::string_view> BuiltinSecretNames(std::string_view name);

// The names, for error messages.
std::string_view BuiltinNames();

// Is the match of a ready-made rule what the rule looks for?
bool PassesCheck(Check check, std::string_view match);

}  // namespace spanlog::policy
