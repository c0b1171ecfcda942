#include "http/receiver.h"

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "base/text.h"

namespace spanlog::http {
namespace {

constexpr size_t kMaxHeaderBytes = 256 * 1024;
// A piece is longer than it need be by what comes in at once, and that may be compressed.
constexpr size_t kLongestPlainPiece = kPieceBytes + (64 << 10);
constexpr size_t kLongestPiece = kPieceBytes + kPieceBytes / 4;

}  // namespace

bool Receiver::Refuse(absl::StatusCode code, std::string_view what, std::string_view advice) {
  status_ = DownstreamError(code, Concat(who_, ": ", what, ". ", advice));
  return false;
}

bool Receiver::TakeHeader(std::string_view line) {
  if (in_body_) return true;  // trailers
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) {
    return Refuse(absl::StatusCode::kResourceExhausted, "the answer's headers are over 256 KB",
                  "Check what answers at this URL.");
  }
  headers_seen_ = true;
  if (StartsWith(line, "HTTP/")) {
    response_.headers.clear();  // of a 1xx answer before
    is_ok_ = StartsWith(line.substr(std::min(line.find(' '), line.size())), " 200");
    return true;
  }
  const size_t colon = line.find(':');
  if (colon == line.npos || colon == 0) return true;
  response_.headers.emplace_back(ToLower(TrimSpace(line.substr(0, colon))),
                                 TrimSpace(line.substr(colon + 1)));
  return true;
}

bool Receiver::Begin() {
  in_body_ = true;
  const std::string_view coding = response_.Header("content-encoding");
  decoder_ = MakeDecoder(coding);
  if (!decoder_) {
    return Refuse(absl::StatusCode::kDataLoss,
                  "the answer is in a Content-Encoding that was not asked for",
                  "A proxy on the way may add it; it must respect Accept-Encoding.");
  }
  in_pieces_ = is_ok_ && !piecewise_.empty() &&
               StartsWith(ToLower(response_.Header("content-type")), piecewise_);
  int64_t length = 0;
  if (coding.empty() && ParseInt64(response_.Header("content-length"), length) && length > 0) {
    length_ = std::min(length, max_bytes_);
    Reserve();
  }
  return true;
}

void Receiver::Reserve() {
  int64_t bytes = std::max<int64_t>(length_ - taken_bytes_, 0);
  if (in_pieces_) bytes = std::min(bytes, static_cast<int64_t>(kLongestPlainPiece));
  response_.body.reserve(static_cast<size_t>(bytes) + kBodyPadding);
}

std::string Receiver::TakePiece() {
  if (!in_pieces_ || response_.body.size() < kPieceBytes) return "";
  taken_bytes_ += static_cast<int64_t>(response_.body.size());
  std::string piece = std::exchange(response_.body, std::string());
  Reserve();
  return piece;
}

bool Receiver::TakeBody(std::string_view piece) {
  if (!in_body_ && !Begin()) return false;
  switch (decoder_->Feed(piece, response_.body, max_bytes_ - taken_bytes_)) {
    case Decoder::Result::kOk: {
      // Of unknown length, but surely large: growing by doubling would end at two pieces.
      std::string& body = response_.body;
      if (in_pieces_ && length_ == 0 && body.size() > kPieceBytes / 4 &&
          body.capacity() < kLongestPiece) {
        body.reserve(kLongestPiece + kBodyPadding);
      }
      return true;
    }
    case Decoder::Result::kTooLarge:
      return Refuse(absl::StatusCode::kResourceExhausted,
                    Concat("the answer is over the limit of ", max_bytes_, " bytes"),
                    "Ask for less, or raise limits.responseBytes in the datasource's settings (or "
                    "Grafana's own response_limit, when that is lower).");
    case Decoder::Result::kBroken:
      break;
  }
  return Refuse(absl::StatusCode::kDataLoss, "the compressed answer is broken",
                "Check the server and any proxy on the way.");
}

absl::Status Receiver::AtEnd() {
  if (decoder_ && !decoder_->AtEnd()) {
    Refuse(absl::StatusCode::kDataLoss, "the compressed answer ends too early",
           "Check the server and any proxy on the way.");
  }
  return status_;
}

}  // namespace spanlog::http
