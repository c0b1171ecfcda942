// A store's HTTP client that counts: requests by outcome, latency, bytes (base/metrics.h).
#pragma once

#include <memory>
#include <string_view>

#include "http/client.h"

namespace spanlog::query {

// `store` is a label: a name of a fixed set, and a literal ("Tempo"). A request counts when Wait
// returns; a cancelled one counts as "cancelled".
std::unique_ptr<http::Client> Metered(std::unique_ptr<http::Client> client, std::string_view store);

}  // namespace spanlog::query
