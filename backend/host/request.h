// What every RPC that reads a datasource needs to know of its request.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/cancellation.h"
#include "google/protobuf/map.h"
#include "grpcpp/server_context.h"
#include "host/request_headers.h"
#include "host/service.h"
#include "proto/pluginv2.pb.h"

namespace spanlog::host {

struct RequestFacts {
  CancellationPtr cancellation = std::make_shared<Cancellation>();
  std::optional<std::chrono::system_clock::time_point> deadline;  // unset: none
  std::string tenant;
  std::string trace_id;  // of Grafana's own trace, for log lines
  RequestHeaders headers;
  query::Reader reader;
};

RequestFacts FactsOf(const grpc::CallbackServerContext& call,
                     const pluginv2::PluginContext& context,
                     const google::protobuf::Map<std::string, std::string>& headers);
RequestFacts FactsOf(const grpc::CallbackServerContext& call,
                     const pluginv2::PluginContext& context,
                     const google::protobuf::Map<std::string, pluginv2::StringList>& headers);

// For the stores of `settings`, with the time left from now; `most_ms` bounds it when > 0.
stores::RequestContext ContextOf(const RequestFacts& facts, const settings::Settings& settings,
                                 int64_t most_ms = 0);

// Cancelled or past its deadline: nobody waits for the answer.
absl::Status CheckStillWanted(const RequestFacts& facts);

}  // namespace spanlog::host
