// Protobuf messages inside messages, read while they come in. What is small enough to be wanted
// whole is given as a view; WireReader reads that on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

#include "stores/otlp/wire.h"
#include "stores/piece_buffer.h"

namespace spanlog::stores {

// A message is named by the offset in the body where it ends. Views stay as long as the buffer's
// pieces do.
class WireStream {
 public:
  // The end of the outermost message: that of the body.
  static constexpr uint64_t kEndOfBody = std::numeric_limits<uint64_t>::max();

  explicit WireStream(PieceBuffer& buffer) : buffer_(buffer) {}

  // Moves to the next field of the message that ends at `end`, past what was not taken of the one
  // before. False at the end, and when the message is malformed (see ok()). May block.
  bool Next(uint64_t end);

  uint32_t field() const { return field_; }
  WireType type() const { return type_; }
  // True for a field of this number that holds text, bytes or a message.
  bool Is(uint32_t field) const { return field_ == field && type_ == WireType::kBytes; }
  uint64_t number() const { return number_; }  // REQUIRES: type() is not kBytes

  // The field's bytes, whole. False when they break off. REQUIRES: type() is kBytes. May block.
  bool TakeBytes(std::string_view& bytes);
  // How many fields of this number the message has among the bytes that are there, the one just
  // moved to included: what a list of them needs for now.
  size_t CountHere(uint32_t field, uint64_t end) const;
  // The end of the message that the field holds; its own fields are next. REQUIRES: type() is
  // kBytes.
  uint64_t Enter() {
    skip_ = 0;
    return Offset() + size_;
  }

  // False when a message broke off or holds what no protobuf writer writes.
  bool ok() const { return ok_; }

 private:
  uint64_t There() const { return static_cast<uint64_t>(buffer_.end() - at_); }
  uint64_t Offset() const { return buffer_.received() - There(); }
  bool More();
  bool Skip();
  bool Fail() {
    ok_ = false;
    return false;
  }

  PieceBuffer& buffer_;
  const char* at_ = nullptr;
  uint64_t number_ = 0;
  uint64_t size_ = 0;  // of the field's bytes
  uint64_t skip_ = 0;  // what nobody has taken of them
  uint32_t field_ = 0;
  WireType type_ = WireType::kVarint;
  bool ok_ = true;
};

}  // namespace spanlog::stores
