// A pluginv2.QueryDataResponse as it goes over the wire, with the frames passed on and
// not copied. Frames can be large: protobuf's own serializer would hold each twice.
//
//   QueryDataResponse: 1 = map entry {1 = refId, 2 = DataResponse}, repeated
//   DataResponse:      1 = frame (repeated), 2 = error, 4 = status, 5 = errorSource
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "grpcpp/support/byte_buffer.h"
#include "host/query_task.h"

namespace spanlog::host {

// By refId; ids must be valid UTF-8. Takes the frames over. A protobuf message ends at 2 GiB:
// responses that would go beyond it become errors.
grpc::ByteBuffer EncodeQueryResponse(std::vector<std::pair<std::string, QueryResult>> results);

}  // namespace spanlog::host
