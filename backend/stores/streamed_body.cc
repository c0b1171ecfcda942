#include "stores/streamed_body.h"

#include <utility>

#include "base/errors.h"

namespace spanlog::stores {

bool StreamedBody::InPieces() {
  first_ = pending_.NextPiece([] {});
  return first_.has_value();
}

std::optional<Chunk> StreamedBody::Next() {
  std::optional<Chunk> piece = FromUpstream();
  if (!turn_.has_value()) turn_.emplace(ComputeStep::kRead, context_.cancellation());
  if (!context_.cancelled()) return piece;
  at_end_ = true;
  if (status_.ok()) status_ = RequestCancelled();
  return std::nullopt;
}

std::optional<Chunk> StreamedBody::FromUpstream() {
  if (first_.has_value()) return std::exchange(first_, std::nullopt);
  if (at_end_) return std::nullopt;
  const auto give_turn_back = [this] { turn_.reset(); };
  if (std::optional<Chunk> piece = pending_.NextPiece(give_turn_back)) return piece;
  at_end_ = true;
  absl::StatusOr<http::Response> response = pending_.Wait();
  if (!response.ok()) status_ = response.status();
  if (!response.ok() || response->body.empty()) return std::nullopt;
  return std::move(response->body);
}

}  // namespace spanlog::stores
