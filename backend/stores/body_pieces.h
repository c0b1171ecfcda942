// A body that is read while it comes in.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "base/chunk.h"

namespace spanlog::stores {

// Not thread-safe.
class BodyPieces {
 public:
  virtual ~BodyPieces() = default;
  // The next piece, never an empty one; may block. Nothing at the end, and when the rest fails to
  // come.
  virtual std::optional<Chunk> Next() = 0;
  // Why the rest failed to come. OK before that, and when all has come.
  virtual absl::Status status() const { return absl::OkStatus(); }
};

// One that has come already.
class WholeBody final : public BodyPieces {
 public:
  explicit WholeBody(std::string body) : body_(std::move(body)) {}

  std::optional<Chunk> Next() override {
    if (body_.empty()) return std::nullopt;
    return std::exchange(body_, std::string());
  }

 private:
  std::string body_;
};

}  // namespace spanlog::stores
