#include "http/receiver.h"

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "base/text.h"

namespace spanlog::http {
namespace {

constexpr size_t kMaxHeaderBytes = 256 * 1024;
// A body is kept in blocks of the pool until it is this large; the pieces of larger ones have a
// kPieceBytes each, so that fewer of their texts are cut.
constexpr int64_t kInBlocks = 2 << 20;

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
  if (!in_pieces_ && coding.empty() && ParseInt64(response_.Header("content-length"), length) &&
      length > 0) {
    response_.body.reserve(static_cast<size_t>(std::min(length, max_bytes_)) + kBodyPadding);
  }
  return true;
}

bool Receiver::Keep(std::string_view bytes) {
  received_ += static_cast<int64_t>(bytes.size());
  if (received_ > max_bytes_) return false;
  if (in_pieces_) {
    KeepInPieces(bytes);
  } else {
    response_.body.append(bytes);
  }
  return true;
}

void Receiver::KeepInPieces(std::string_view bytes) {
  while (!bytes.empty()) {
    if (pieces_.empty() || pieces_.back().room() == 0) {
      pieces_.emplace_back(received_ <= kInBlocks ? BlockPool::kBlockBytes : kPieceBytes,
                           kPieceFront);
    }
    const std::string_view fits = bytes.substr(0, pieces_.back().room());
    pieces_.back().Append(fits);
    bytes.remove_prefix(fits.size());
  }
}

std::vector<Chunk> Receiver::TakePieces() {
  std::vector<Chunk> full;
  if (!in_pieces_ || received_ - handed_out_ < static_cast<int64_t>(kPieceBytes)) return full;
  full = std::exchange(pieces_, {});
  handed_out_ = received_;
  if (full.back().room() == 0) return full;
  handed_out_ -= static_cast<int64_t>(full.back().size());
  pieces_.push_back(std::move(full.back()));
  full.pop_back();
  return full;
}

bool Receiver::TakeBody(std::string_view piece) {
  if (!in_body_ && !Begin()) return false;
  switch (decoder_->Feed(piece, [this](std::string_view bytes) { return Keep(bytes); })) {
    case Decoder::Result::kOk:
      return true;
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
  // A page is none of what was asked for, whatever it says it is.
  if (handed_out_ == 0 && !pieces_.empty() &&
      StartsWith(TrimSpace(pieces_[0].view().substr(0, 256)), "<")) {
    for (const Chunk& piece : TakeRest()) response_.body += piece.view();
  }
  return status_;
}

}  // namespace spanlog::http
