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
  // `who` stands first in messages.
  Receiver(std::string who, int64_t max_bytes) : who_(std::move(who)), max_bytes_(max_bytes) {}

  // False ends the transfer; status() says why.
  bool TakeHeader(std::string_view line);
  bool TakeBody(std::string_view piece);

  // Call when the transport says that all has come: a compressed body must be at its end.
  absl::Status AtEnd();

  const absl::Status& status() const { return status_; }
  Response& response() { return response_; }
  bool headers_seen() const { return headers_seen_; }

 private:
  bool Begin();
  bool Refuse(absl::StatusCode code, std::string_view what, std::string_view advice);

  const std::string who_;
  const int64_t max_bytes_;
  Response response_;
  size_t header_bytes_ = 0;
  bool headers_seen_ = false;
  bool in_body_ = false;
  std::unique_ptr<Decoder> decoder_;
  absl::Status status_;
};

}  // namespace spanlog::http
