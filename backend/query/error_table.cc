// What Grafana is told of a failure: an HTTP status, whose fault it is, and the words.
//
// "downstream" is Grafana's word for "not the plugin's fault": the store, the network, the user's
// query or settings. A store that refuses how it was asked (405, 413, …) is the plugin's fault; the
// list is Grafana's own (its SDK's status_source).
#include <algorithm>
#include <iterator>

#include "base/errors.h"
#include "base/text.h"
#include "base/utf8.h"
#include "query/pipeline.h"

namespace spanlog::query {
namespace {

constexpr std::string_view kPlugin = "plugin";
constexpr std::string_view kDownstream = "downstream";
constexpr size_t kTextBytes = 1800;

struct Row {
  absl::StatusCode code;
  int status;
  std::string_view source;
};

// Without an HTTP status of a store.
constexpr Row kByCode[] = {
    {absl::StatusCode::kCancelled, 499, kDownstream},
    {absl::StatusCode::kInvalidArgument, 400, kDownstream},
    {absl::StatusCode::kDeadlineExceeded, 504, kDownstream},
    {absl::StatusCode::kNotFound, 404, kDownstream},
    {absl::StatusCode::kPermissionDenied, 403, kDownstream},
    {absl::StatusCode::kUnauthenticated, 401, kDownstream},
    {absl::StatusCode::kFailedPrecondition, 400, kDownstream},
    {absl::StatusCode::kOutOfRange, 400, kDownstream},
    {absl::StatusCode::kUnavailable, 502, kDownstream},
    {absl::StatusCode::kResourceExhausted, 429, kPlugin},
    {absl::StatusCode::kUnimplemented, 501, kPlugin},
};

constexpr int kPluginsFault[] = {405, 406, 412, 413, 414, 416, 417, 426, 431, 501};

// A store's answer as ours: its 4xx stay, whatever else it did is a bad gateway.
int GatewayStatus(int upstream) {
  if (upstream == 408 || upstream == 504) return 504;
  if (upstream >= 400 && upstream < 500) return upstream;
  return 502;
}

}  // namespace

ErrorReply ToErrorReply(const absl::Status& status) {
  ErrorReply reply;
  const int upstream = UpstreamHttpStatus(status);
  const Row* row = std::find_if(std::begin(kByCode), std::end(kByCode),
                                [&](const Row& each) { return each.code == status.code(); });
  if (upstream != 0) {
    reply.status = GatewayStatus(upstream);
    const bool ours = std::find(std::begin(kPluginsFault), std::end(kPluginsFault), upstream) !=
                      std::end(kPluginsFault);
    reply.source = ours ? kPlugin : kDownstream;
  } else if (row != std::end(kByCode)) {
    reply.status = row->status;
    reply.source = row->source;
  } else {
    reply.status = 500;
    reply.source = kPlugin;
  }
  if (upstream == 0 && IsDownstream(status)) {
    reply.source = kDownstream;
    // The way to the store failed (TLS, too large an answer, cut short): no fault of the query.
    const bool way = status.code() != absl::StatusCode::kInvalidArgument &&
                     status.code() != absl::StatusCode::kNotFound &&
                     status.code() != absl::StatusCode::kCancelled &&
                     status.code() != absl::StatusCode::kDeadlineExceeded;
    if (way) reply.status = 502;
  }

  reply.text = ToValidUtf8(std::string_view(status.message().data(), status.message().size()));
  reply.text = std::string(CutUtf8(reply.text, kTextBytes));
  for (char& c : reply.text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  if (TrimSpace(reply.text).empty()) {
    reply.text = Concat("The query failed without a message (",
                        std::string(absl::StatusCodeToString(status.code())), ").");
  }
  return reply;
}

}  // namespace spanlog::query
