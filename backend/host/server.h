// The gRPC server with all services that Grafana may call. Whatever it does not have
// answers UNIMPLEMENTED, which Grafana understands.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "grpcpp/server.h"
#include "host/call_resource.h"
#include "host/controller.h"
#include "host/core.h"
#include "host/diagnostics.h"
#include "host/query_data.h"

namespace spanlog::host {

class Server {
 public:
  // `core` must outlive the server.
  explicit Server(Core& core);
  // Waits for calls under way, which are cancelled.
  ~Server();

  // Listens and serves when it returns OK. `address`: "unix:/path".
  absl::Status Start(const std::string& address);

  // Takes no more calls, cancels those that are not done within `patience`, and waits for them.
  void Stop(std::chrono::milliseconds patience);

 private:
  DataService data_;
  DiagnosticsService diagnostics_;
  ResourceService resource_;
  ControllerService controller_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace spanlog::host
