// Ready-made redaction rules.
#pragma once

#include <string_view>
#include <vector>

#include "policy/policy.h"

namespace spanlog::policy {

// "apiKeys", "bearerTokens", "emails", "phones", "cards"; empty for any other name.
std::vector<RegexRule> BuiltinRules(std::string_view name);

// The names, for error messages.
std::string_view BuiltinNames();

}  // namespace spanlog::policy
