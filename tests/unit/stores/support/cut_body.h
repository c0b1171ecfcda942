// A body that comes in small pieces, for readers that must not care where it is cut.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "stores/body_pieces.h"

namespace spanlog::stores::testing {

class CutBody final : public BodyPieces {
 public:
  // Pieces of `bytes` each. Behind the last one comes `end`.
  CutBody(std::string text, size_t bytes, absl::Status end = absl::OkStatus())
      : text_(std::move(text)), bytes_(bytes), end_(std::move(end)) {}

  std::optional<Chunk> Next() override {
    if (at_ == text_.size()) return std::nullopt;
    const size_t size = std::min(bytes_, text_.size() - at_);
    at_ += size;
    return text_.substr(at_ - size, size);
  }
  absl::Status status() const override { return at_ == text_.size() ? end_ : absl::OkStatus(); }

 private:
  const std::string text_;
  const size_t bytes_;
  const absl::Status end_;
  size_t at_ = 0;
};

}  // namespace spanlog::stores::testing
