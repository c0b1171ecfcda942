// The datasources that are open: one backend per organisation and datasource, made
// anew when anything it was made from has changed.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "host/service.h"
#include "host/slots.h"
#include "proto/pluginv2.pb.h"

namespace spanlog::host {

struct Instance {
  std::shared_ptr<Backend> backend;
  std::shared_ptr<Slots> slots;
};

// Thread-safe. Two datasources, and the same uid in two organisations or tenants, never share
// anything. Grafana never says that a datasource is gone: who is idle for an hour is closed. A
// closed backend lives on until the last query that uses it is done.
class Instances {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::minutes kIdle{60};

  Instances(
      OpenBackend open, std::string plugin_version,
      std::function<Clock::time_point()> now = [] { return Clock::now(); })
      : open_(std::move(open)), version_(std::move(plugin_version)), now_(std::move(now)) {}

  // `tenant`: the gRPC metadata "tenantid" of hosted Grafana, else empty. InvalidArgument with the
  // settings parser's words, or when the request names no datasource.
  absl::StatusOr<Instance> Get(const pluginv2::PluginContext& context, std::string_view tenant);

  // Closes who is idle.
  void Sweep();

  size_t size() const;

 private:
  struct Entry {
    std::string made_from;
    Instance instance;
    Clock::time_point last_used;
  };

  const OpenBackend open_;
  const std::string version_;
  const std::function<Clock::time_point()> now_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;  // guarded by mutex_
};

// "<Grafana's user agent> spanlog-trace-datasource/<version>".
std::string UserAgent(const pluginv2::PluginContext& context, std::string_view plugin_version);

}  // namespace spanlog::host
