// One datasource: its settings and its stores with their connection pools.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "http/retry.h"
#include "policy/policy.h"
#include "policy/redactor.h"
#include "settings/settings.h"
#include "stores/store.h"

namespace spanlog::query {

// Told of each request that is sent once more, and to which store. Called on the query's thread.
using RetryObserver = std::function<void(std::string_view store, const http::RetryEvent&)>;

// Thread-safe; lives as long as any query that uses it. Two datasources share nothing.
class Datasource {
 public:
  // InvalidArgument when the settings do not hold. Opens no connection yet.
  static absl::StatusOr<std::shared_ptr<Datasource>> Create(settings::Settings settings,
                                                            std::string user_agent,
                                                            RetryObserver on_retry = nullptr);

  // For tests and for whoever brings stores of their own; either may be null.
  Datasource(settings::Settings settings, policy::Policy policy,
             std::unique_ptr<stores::TraceStore> traces, std::unique_ptr<stores::LogStore> logs);

  const settings::Settings& settings() const { return settings_; }
  const policy::Policy& policy() const { return policy_; }
  const policy::Redactor& redactor() const { return redactor_; }
  stores::TraceStore* traces() const { return traces_.get(); }  // null: no URL configured
  stores::LogStore* logs() const { return logs_.get(); }        // null: no URL configured

 private:
  settings::Settings settings_;
  policy::Policy policy_;
  policy::Redactor redactor_;
  std::unique_ptr<stores::TraceStore> traces_;
  std::unique_ptr<stores::LogStore> logs_;
};

}  // namespace spanlog::query
