// Filters a woven trace for one reader, in place.
#pragma once

#include "policy/policy.h"
#include "policy/redactor.h"
#include "weave/woven.h"

namespace spanlog::policy {

// After this nothing in `woven` holds what the reader may not see: names, tags, attributes, events,
// links, warnings, stack traces and notices are all filtered. Each changed row says so in the tag
// `spanlog.policy`. Costs nothing for a policy without rules and level kFull.
void Apply(const Policy& policy, const Redactor& redactor, ContentLevel level,
           weave::Woven& woven);

}  // namespace spanlog::policy
