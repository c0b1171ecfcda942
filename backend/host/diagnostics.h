// pluginv2.Diagnostics: CheckHealth and CollectMetrics.
#pragma once

#include "host/core.h"
#include "proto/pluginv2.grpc.pb.h"

namespace spanlog::host {

class DiagnosticsService final : public pluginv2::Diagnostics::CallbackService {
 public:
  explicit DiagnosticsService(Core& core) : core_(core) {}

  // Never fails as a call: Grafana would hide the message.
  grpc::ServerUnaryReactor* CheckHealth(grpc::CallbackServerContext* call,
                                        const pluginv2::CheckHealthRequest* request,
                                        pluginv2::CheckHealthResponse* response) override;

  grpc::ServerUnaryReactor* CollectMetrics(grpc::CallbackServerContext* call,
                                           const pluginv2::CollectMetricsRequest* request,
                                           pluginv2::CollectMetricsResponse* response) override;

 private:
  Core& core_;
};

}  // namespace spanlog::host
