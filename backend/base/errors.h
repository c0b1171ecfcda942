// Facts about a failure that travel with an absl::Status: whose fault it is and
// which HTTP status the upstream gave. query/error_table.h turns them into
// Grafana's status and errorSource.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace spanlog {

// A failure of a store or of the way to it. `http_status` 0 = no answer came.
absl::Status DownstreamError(absl::StatusCode code, std::string message, int http_status = 0);

// A store answered with an HTTP error. The code follows the status; the message is
// "<what>: <store> answered <status>: <head of body>. <what to do>".
absl::Status UpstreamHttpError(std::string_view store, std::string_view what, int http_status,
                               std::string_view body);

// Whoever asked has left.
absl::Status RequestCancelled();

// True when the status was made by one of the first two.
bool IsDownstream(const absl::Status& status);
// The upstream's HTTP status, 0 when there was none.
int UpstreamHttpStatus(const absl::Status& status);

// The first bytes of an upstream's own words on one line, valid UTF-8, bounded (512 bytes).
// JSON bodies give their "message" or "error"; HTML gives its title.
std::string ErrorBodyHead(std::string_view body);

}  // namespace spanlog
