// Grafana Loki, any version from 2.0.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "settings/settings.h"
#include "stores/layout/record_layout.h"
#include "stores/store.h"
#include "stores/upstream.h"

namespace spanlog::stores {

// Thread-safe.
class Loki : public LogStore {
 public:
  Loki(settings::LogSettings settings, std::shared_ptr<http::Client> client);

  absl::StatusOr<LogBatch> FetchLogs(const LogSearch& search,
                                     const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> Labels(const RequestContext& context) override;
  absl::StatusOr<std::vector<std::string>> LabelValues(const std::string& label,
                                                       const RequestContext& context) override;
  absl::Status CheckHealth(const RequestContext& context) override;

 private:
  const settings::LogSettings settings_;
  std::shared_ptr<const LayoutOptions> layout_;
  std::string settings_warning_;
  const Upstream upstream_;
  // Loki's max_entries_limit_per_query, its default until an answer says another.
  std::atomic<int> entries_limit_{5000};
};

}  // namespace spanlog::stores
