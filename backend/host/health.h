// What "Save & test" shows: both stores are asked, and each is spoken of in words.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "host/service.h"

namespace spanlog::host {

// What came of asking one store. Unset: it is not configured.
struct StoreHealth {
  std::string name;  // "Tempo"
  std::optional<absl::Status> status;
};

struct HealthReport {
  bool ok = false;
  std::string message;
  std::string details_json;  // always an object: Grafana fails on anything else
};

HealthReport ReportOf(const StoreHealth& traces, const StoreHealth& logs);

// The settings themselves do not hold.
HealthReport ReportOf(const absl::Status& settings_error);

}  // namespace spanlog::host
