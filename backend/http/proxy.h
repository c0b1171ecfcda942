// Which proxy a request takes. Grafana passes HTTP_PROXY, HTTPS_PROXY and NO_PROXY (either case) on
// and its own Go datasources read them by Go's rules; libcurl's differ (no HTTP_PROXY in capitals,
// loopback is proxied, suffixes match inside of words), so the choice is made here.
#pragma once

#include <string>

#include "http/ca_bundle.h"
#include "http/url.h"

namespace spanlog::http {

// The proxy's URL in libcurl's form, or empty: connect directly. Loopback is never proxied.
std::string ProxyFor(const Endpoint& endpoint, const EnvLookup& env = ProcessEnv);

// A proxy's URL without user and password, for messages.
std::string ProxyDisplay(std::string_view proxy);

}  // namespace spanlog::http
