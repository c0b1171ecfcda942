// plugin.GRPCController/Shutdown: Grafana asks the process to end.
#pragma once

#include "host/core.h"
#include "proto/goplugin.grpc.pb.h"

namespace spanlog::host {

// Answers at once and acts when the answer is on its way: go-plugin waits for the answer without a
// deadline, and then two seconds for the process.
class ControllerService final : public plugin::GRPCController::CallbackService {
 public:
  explicit ControllerService(Core& core) : core_(core) {}

  grpc::ServerUnaryReactor* Shutdown(grpc::CallbackServerContext* call,
                                     const plugin::Empty* request,
                                     plugin::Empty* response) override;

 private:
  Core& core_;
};

}  // namespace spanlog::host
