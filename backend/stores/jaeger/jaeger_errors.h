// What Jaeger's answers say when they are not what was asked for.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "http/client.h"
#include "stores/upstream.h"

namespace spanlog::stores {

// The server does not know the path: Go's router says so, the UI's catch-all answers with its page,
// and other implementations of Jaeger's API answer 400, 404 or 501 without Jaeger's JSON.
bool LacksPath(const http::Response& response);

// OK for a 200 that is data; else an error with Jaeger's own words, from either interface's
// envelope.
absl::Status CheckJaeger(const Upstream& upstream, std::string_view what,
                         const http::Response& response);

}  // namespace spanlog::stores
