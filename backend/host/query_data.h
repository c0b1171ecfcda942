// pluginv2.Data/QueryData: every query of a request runs on its own worker thread.
#pragma once

#include "grpcpp/support/byte_buffer.h"
#include "host/core.h"
#include "proto/pluginv2.grpc.pb.h"

namespace spanlog::host {

// QueryChunkedData stays unimplemented: Grafana falls back to QueryData.
class DataService final
    : public pluginv2::Data::WithRawCallbackMethod_QueryData<
          pluginv2::Data::WithCallbackMethod_QueryChunkedData<pluginv2::Data::Service>> {
 public:
  explicit DataService(Core& core) : core_(core) {}

  grpc::ServerUnaryReactor* QueryData(grpc::CallbackServerContext* call,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;

 private:
  Core& core_;
};

}  // namespace spanlog::host
