// Undoes Content-Encoding while the body comes in. libcurl could, but takes a gzip body that ends
// too early for whole; a cut trace must be an error.
#pragma once

#include <memory>
#include <string_view>

#include "absl/functional/function_ref.h"

namespace spanlog::http {

class Decoder {
 public:
  enum class Result { kOk, kTooLarge, kBroken };
  using Take = absl::FunctionRef<bool(std::string_view)>;

  virtual ~Decoder() = default;
  // Calls `take` with what `piece` decodes to, a part at a time. kTooLarge as soon as it says no.
  virtual Result Feed(std::string_view piece, Take take) = 0;
  // False when the encoded data is not at its end.
  virtual bool AtEnd() const = 0;
};

// What the client asks for.
inline constexpr char kAcceptEncoding[] = "gzip, zstd";

// For the value of a Content-Encoding header; null when the coding is not known.
std::unique_ptr<Decoder> MakeDecoder(std::string_view content_encoding);

}  // namespace spanlog::http
