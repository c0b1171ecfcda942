// A plugin started as Grafana starts it, asked over its socket. Answers stay bytes: what reading
// them costs is the asker's.
#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "cli/plugin_process.h"
#include "settings/settings.h"

namespace spanlog::bench {

class PluginClient {
 public:
  // Throws when the executable does not start.
  explicit PluginClient(const std::string& executable);
  ~PluginClient();

  struct Target {
    std::string trace_url, log_url, trace_id;
    settings::TraceStoreKind store = settings::TraceStoreKind::kTempo;
    int max_records = 5000;
    int64_t from_ms = 0, to_ms = 0;
  };
  void set_target(const Target& target) { request_ = MakeRequest(target); }

  pid_t pid() const { return process_->pid(); }
  double start_ms() const { return start_ms_; }

  struct Answer {
    double wall_ms = 0;
    grpc::ByteBuffer bytes;
  };
  // One query. Thread-safe. Throws when the RPC fails.
  Answer Query();

 private:
  static std::string MakeRequest(const Target& target);

  double start_ms_ = 0;
  std::unique_ptr<cli::PluginProcess> process_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<grpc::GenericStub> stub_;
  std::string request_;
};

struct Frame {
  size_t rows = 0;
  size_t bytes = 0;
};
// The answer's frame. Throws when the answer is an error or not readable.
Frame ReadFrame(const grpc::ByteBuffer& answer);

}  // namespace spanlog::bench
