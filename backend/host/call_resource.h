// pluginv2.Resource/CallResource.
#pragma once

#include "host/core.h"
#include "proto/pluginv2.grpc.pb.h"

namespace spanlog::host {

// Never fails as a call: Grafana would answer 500 without words.
class ResourceService final : public pluginv2::Resource::CallbackService {
 public:
  explicit ResourceService(Core& core) : core_(core) {}

  grpc::ServerWriteReactor<pluginv2::CallResourceResponse>* CallResource(
      grpc::CallbackServerContext* call, const pluginv2::CallResourceRequest* request) override;

 private:
  Core& core_;
};

}  // namespace spanlog::host
