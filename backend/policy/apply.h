// Filters a woven trace for one reader, in place.
#pragma once

#include <string_view>

#include "policy/policy.h"
#include "policy/redactor.h"
#include "weave/woven.h"

namespace spanlog::policy {

// What stands for a content text that the reader's level hides.
inline constexpr std::string_view kWithheld = "[withheld by policy]";
// The tag that says what was withheld from a row.
inline constexpr std::string_view kPolicyKey = "spanlog.policy";

// After this nothing in `woven` holds what the reader may not see: names, tags, attributes, events,
// links, warnings, stack traces and notices are all filtered. Each changed row says so in the tag
// kPolicyKey. Costs nothing for a policy without rules and level kFull. The rules should have been
// applied to the trace before it was woven (redact.h); here they find what was put together since.
void Apply(const Policy& policy, const Redactor& redactor, ContentLevel level, weave::Woven& woven);

// As much of a content text as the level shows; new texts live in the arena. Redact before: a cut
// secret matches no rule.
std::string_view ShownText(std::string_view text, ContentLevel level, size_t preview_chars,
                           Arena& arena);

}  // namespace spanlog::policy
