// Grafana's standard HTTP keys of one upstream (protocol.md 3.3). The trace store
// has them in jsonData, the log store the same names in jsonData.logs.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "settings/object_reader.h"
#include "settings/settings.h"

namespace spanlog::settings {

// secureJsonData, with the log store's names made from the standard ones:
// basicAuthPassword -> logsBasicAuthPassword.
class Secrets {
 public:
  Secrets(const std::map<std::string, std::string>& values, std::string_view prefix,
          ReadState* state)
      : values_(values), prefix_(prefix), state_(state) {}
  // Empty when absent.
  std::string Get(std::string_view key) const;
  bool Has(std::string_view key) const { return values_.contains(NameOf(key)); }
  std::string NameOf(std::string_view key) const;

 private:
  const std::map<std::string, std::string>& values_;
  std::string prefix_;
  ReadState* state_;
};

// Everything but the URL and the basic auth user, which Grafana keeps elsewhere for the trace
// store.
void ReadHttp(ObjectReader& reader, const Secrets& secrets, Upstream& upstream);

// Checks a URL and takes the blanks around it away. Empty is fine.
void SetUrl(std::string_view url, std::string_view key, ReadState& state, Upstream& upstream);

}  // namespace spanlog::settings
