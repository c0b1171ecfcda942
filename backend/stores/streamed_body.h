// The body of an answer that is still on its way.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/compute_turn.h"
#include "http/client.h"
#include "stores/body_pieces.h"
#include "stores/upstream.h"

namespace spanlog::stores {

// For the answer to a Call that is `piecewise`. Whoever reads takes a turn to compute with each
// piece, keeps it until this goes, and gives it back while there is nothing to read. The body ends
// when the caller cancels. `pending` and `context` must outlive this.
class StreamedBody final : public BodyPieces {
 public:
  StreamedBody(http::Pending& pending, const CallContext& context)
      : pending_(pending), context_(context) {}

  // Blocks until it is known. True: the answer is a 200 of the type that was asked for, and its
  // body is here. False: Wait has the answer, whole. Call first, once.
  bool InPieces();
  // REQUIRES: InPieces() was false.
  absl::StatusOr<http::Response> Wait() { return pending_.Wait(); }

  // REQUIRES: InPieces() was true.
  std::optional<Chunk> Next() override;
  absl::Status status() const override { return status_; }

 private:
  std::optional<Chunk> FromUpstream();

  http::Pending& pending_;
  const CallContext& context_;
  std::optional<Chunk> first_;
  std::optional<ComputeTurn> turn_;
  bool at_end_ = false;
  absl::Status status_;
};

}  // namespace spanlog::stores
