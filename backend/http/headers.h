// Request headers: checked, merged, and in libcurl's form.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "http/client.h"

namespace spanlog::http {

struct SlistDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Slist = std::unique_ptr<curl_slist, SlistDeleter>;

// InvalidArgument when a name is no token or a value could start a new header line. The message
// names the header, never its value.
absl::Status CheckHeaders(const Headers& headers);

bool HasHeader(const Headers& headers, std::string_view name);

// Takes every header of `headers` that `over` has as well out, and appends all of `over`.
void ReplaceHeaders(Headers& headers, const Headers& over);

// "Basic dXNlcjpwYXNz".
std::string BasicAuthorization(std::string_view user, std::string_view password);

// Framing headers (Content-Length, Transfer-Encoding, Trailer) are libcurl's alone and left out.
// Null when memory ran out.
Slist ToSlist(const Headers& headers);

}  // namespace spanlog::http
