#include "host/server.h"

#include "base/text.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace spanlog::host {
namespace {

// A request holds all queries of a dashboard's panel and a datasource's secrets.
constexpr int kMaxRequestBytes = 128 << 20;

}  // namespace

Server::Server(Core& core) : data_(core), diagnostics_(core), resource_(core), controller_(core) {}

Server::~Server() { Stop(std::chrono::milliseconds(0)); }

absl::Status Server::Start(const std::string& address) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  builder.SetMaxSendMessageSize(-1);
  // Go's client pings as it likes.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
  builder.RegisterService(&data_);
  builder.RegisterService(&diagnostics_);
  builder.RegisterService(&resource_);
  builder.RegisterService(&controller_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return absl::UnavailableError(Concat("cannot listen on ", address));
  }
  // go-plugin asks for "plugin", others for "".
  grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
  health->SetServingStatus("plugin", true);
  health->SetServingStatus("", true);
  return absl::OkStatus();
}

void Server::Stop(std::chrono::milliseconds patience) {
  if (server_ == nullptr) return;
  server_->Shutdown(std::chrono::system_clock::now() + patience);
  server_->Wait();
  server_ = nullptr;
}

}  // namespace spanlog::host
