// Keeps what was sent as a secret out of what an answer says about it.
#pragma once

#include <string>
#include <string_view>

#include "http/client.h"
#include "http/headers.h"

namespace spanlog::http {

// Puts "[hidden]" in place of each value of `sent` that may be a secret (every header but the ones
// that this client writes itself), of the basic auth password and of the URL's: servers and proxies
// quote the request in their error pages. Values under 6 characters are left: they would hit other
// words.
void HideSent(const ClientOptions& options, std::string_view url, const curl_slist* sent,
              std::string& body);

}  // namespace spanlog::http
