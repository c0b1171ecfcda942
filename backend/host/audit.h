// The audit line: who read which trace at which content level. Never a word of content.
#pragma once

#include <string_view>

#include "policy/policy.h"
#include "query/pipeline.h"
#include "settings/query.h"

namespace spanlog::host {

// Writes one log line "content read" with who (a login, "anonymous" or "alerting"), role, orgId,
// dsUid, kind (trace, conversation, search), trace (the id; of a conversation its id) and level.
// What a search looks for may be content and is left out.
void AuditRead(std::string_view datasource_uid, const settings::Query& query,
               const query::Reader& reader, policy::ContentLevel level);

}  // namespace spanlog::host
