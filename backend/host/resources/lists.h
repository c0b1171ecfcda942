// Lists that the editors complete from. Each answers {"values": ["a", "b"]}, sorted,
// without doubles.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "host/resources/router.h"

namespace spanlog::host {

// From the trace store: tags, tag-values?tag=, services, operations?service=.
absl::StatusOr<ResourceReply> ListTags(const ResourceRequest&, const Backend&, const RequestFacts&);
absl::StatusOr<ResourceReply> ListTagValues(const ResourceRequest&, const Backend&,
                                            const RequestFacts&);
absl::StatusOr<ResourceReply> ListServices(const ResourceRequest&, const Backend&,
                                           const RequestFacts&);
absl::StatusOr<ResourceReply> ListOperations(const ResourceRequest&, const Backend&,
                                             const RequestFacts&);

// From the log store: log-labels, log-label-values?name=.
absl::StatusOr<ResourceReply> ListLogLabels(const ResourceRequest&, const Backend&,
                                            const RequestFacts&);
absl::StatusOr<ResourceReply> ListLogLabelValues(const ResourceRequest&, const Backend&,
                                                 const RequestFacts&);

ResourceReply ValuesReply(std::vector<std::string> values);

}  // namespace spanlog::host
