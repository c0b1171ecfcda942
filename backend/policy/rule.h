// One compiled rule: what it looks for and what it leaves.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>

#include "policy/policy.h"

namespace spanlog::policy {

struct Rule {
  std::unique_ptr<RE2> regex;  // null: cards
  std::string replacement;
  Check check = Check::kNone;
  int group = 0;  // what is removed: 0 the whole match
  bool ready_made = false;
};

// True and the new text when the rule matched. `out` must be empty.
bool ReplaceMatches(std::string_view text, const Rule& rule, std::string& out);

}  // namespace spanlog::policy
