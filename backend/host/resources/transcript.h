// transcript?traceId=&format=text|markdown|jsonl: a run as a document.
#pragma once

#include "absl/status/statusor.h"
#include "host/resources/router.h"

namespace spanlog::host {

// Further parameters are the query editor's: logs, history (here `delta` by default: each message
// once), minLevel, logsQuery, and start, end in seconds. The content policy holds as in a query.
absl::StatusOr<ResourceReply> Transcript(const ResourceRequest& request, const Backend& backend,
                                         const RequestFacts& facts);

}  // namespace spanlog::host
