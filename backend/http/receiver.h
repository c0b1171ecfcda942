// Takes an answer in piece by piece: headers, decoded body, and the limits on both.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "base/chunk.h"
#include "http/client.h"
#include "http/decoder.h"

namespace spanlog::http {

class Receiver {
 public:
  // `who` stands first in messages; `piecewise` as in Request.
  Receiver(std::string who, int64_t max_bytes, std::string piecewise)
      : who_(std::move(who)), max_bytes_(max_bytes), piecewise_(std::move(piecewise)) {}

  // False ends the transfer; status() says why.
  bool TakeHeader(std::string_view line);
  bool TakeBody(std::string_view piece);

  // Of a body that may be had so, what is full of it once there is enough; none otherwise.
  std::vector<Chunk> TakePieces();
  // What is left of it at its end. Call after AtEnd.
  std::vector<Chunk> TakeRest() { return std::exchange(pieces_, {}); }

  // Call when the transport says that all has come: a compressed body must be at its end.
  absl::Status AtEnd();

  const absl::Status& status() const { return status_; }
  Response& response() { return response_; }
  bool headers_seen() const { return headers_seen_; }
  int64_t received() const { return received_; }  // of the decoded body

 private:
  bool Begin();
  bool Keep(std::string_view bytes);
  void KeepInPieces(std::string_view bytes);
  bool Refuse(absl::StatusCode code, std::string_view what, std::string_view advice);

  const std::string who_;
  const int64_t max_bytes_;
  const std::string piecewise_;
  Response response_;
  size_t header_bytes_ = 0;
  bool headers_seen_ = false;
  bool in_body_ = false;
  bool is_ok_ = false;
  bool in_pieces_ = false;
  int64_t received_ = 0;
  int64_t handed_out_ = 0;
  std::vector<Chunk> pieces_;
  std::unique_ptr<Decoder> decoder_;
  absl::Status status_;
};

}  // namespace spanlog::http
