// Takes an answer in piece by piece: headers, decoded body, and the limits on both.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
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

  // The body so far when it is a piece and may be had so; empty otherwise.
  std::string TakePiece();

  // Call when the transport says that all has come: a compressed body must be at its end.
  absl::Status AtEnd();

  const absl::Status& status() const { return status_; }
  Response& response() { return response_; }
  bool headers_seen() const { return headers_seen_; }
  // Of the decoded body, pieces that were taken included.
  int64_t received() const { return taken_bytes_ + static_cast<int64_t>(response_.body.size()); }

 private:
  bool Begin();
  void Reserve();
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
  int64_t length_ = 0;  // of the body, where that is known
  int64_t taken_bytes_ = 0;
  std::unique_ptr<Decoder> decoder_;
  absl::Status status_;
};

}  // namespace spanlog::http
