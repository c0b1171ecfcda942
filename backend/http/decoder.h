// Undoes Content-Encoding while the body comes in. libcurl could, but takes a gzip body that ends
// too early for whole; a cut trace must be an error.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace spanlog::http {

class Decoder {
 public:
  enum class Result { kOk, kTooLarge, kBroken };

  virtual ~Decoder() = default;
  // Appends what `piece` decodes to. kTooLarge as soon as `out` would pass `max_bytes`.
  virtual Result Feed(std::string_view piece, std::string& out, int64_t max_bytes) = 0;
  // False when the encoded data is not at its end.
  virtual bool AtEnd() const = 0;
};

// What the client asks for.
inline constexpr char kAcceptEncoding[] = "gzip, zstd";

// For the value of a Content-Encoding header; null when the coding is not known.
std::unique_ptr<Decoder> MakeDecoder(std::string_view content_encoding);

}  // namespace spanlog::http
