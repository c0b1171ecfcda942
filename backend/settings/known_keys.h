// The keys of a provisioned datasource that mean something, for tests and docs.
#pragma once

#include <string>
#include <vector>

namespace spanlog::settings {

// Full names, sorted: "url", "basicAuth", "jsonData.timeout", "jsonData.logs.url",
// "jsonData.prices[0].model", "secureJsonData.logsTlsCACert", … Numbered keys stand with number 1.
// The keys that the parser reads are taken from a parse; those that Grafana or the frontend reads
// (jsonData.tracesToLogsV2, …) are listed by their first name.
std::vector<std::string> KnownKeys();

// True when `key`, written the same way, is read by someone. Any number counts as 1 and as 0 in
// brackets, and everything below a key that Grafana reads as a whole is known.
bool IsKnownKey(std::string_view key);

}  // namespace spanlog::settings
