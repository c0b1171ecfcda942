// Which of the reader's own headers go on to a store. By itself none does: only what
// that store's settings ask for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/client.h"
#include "settings/settings.h"

namespace spanlog::host {

// Name and value, as Grafana sent them with a request. In queries and health checks HTTP headers
// other than Authorization, X-Id-Token and Cookie are written "http_<name>"; in resource calls they
// are plain.
using RequestHeaders = std::vector<std::pair<std::string, std::string>>;

// Value of a header by name in any case, with or without Grafana's prefix; empty when absent.
std::string_view FindHeader(const RequestHeaders& headers, std::string_view name);

// Authorization and X-Id-Token with oauthPassThru; of Cookie the ones that keepCookies names.
http::Headers ForwardedHeaders(const settings::Upstream& upstream, const RequestHeaders& headers);

// True for queries of Grafana's alerting, which no person reads. For the headers of queries and
// health checks only: those of a resource call are a person's own.
bool IsFromAlert(const RequestHeaders& headers);

}  // namespace spanlog::host
