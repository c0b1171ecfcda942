// The parts of a URL that the client must know: where it leads, and what of it may be shown.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace spanlog::http {

struct Endpoint {
  std::string scheme;  // "http" or "https"
  std::string host;    // as in the URL; an IPv6 address keeps its brackets
  std::string port;    // always set
  bool default_port = false;

  // "tempo:3200", or "tempo" when the port is the scheme's own.
  std::string Authority() const;
  // "http://tempo:3200": no user, path or query, so it may stand in a message.
  std::string Display() const;
};

// InvalidArgument when `url` is not an absolute http or https URL; the message shows no part of
// it that may be a secret.
absl::StatusOr<Endpoint> ParseEndpoint(std::string_view url);

}  // namespace spanlog::http
