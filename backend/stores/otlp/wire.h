// Protobuf's wire format, read in place. A generated parser would refuse a whole trace for one
// character that Tempo cut in two, and would copy every text.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace spanlog::stores {

static_assert(std::endian::native == std::endian::little, "fixed-width fields are read by memcpy");

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

// Walks over the fields of one message. The views it gives point into the message.
class WireReader {
 public:
  explicit WireReader(std::string_view message)
      : next_(message.data()), end_(message.data() + message.size()) {}

  // Moves to the next field. False at the end, and when the message is malformed (see ok()).
  bool Next() {
    if (next_ == end_) return false;
    uint64_t tag = 0;
    if (!Varint(tag) || tag >> 3 == 0 || tag >> 32 != 0) return Fail();
    field_ = static_cast<uint32_t>(tag >> 3);
    switch (tag & 7) {
      case 0:
        type_ = WireType::kVarint;
        return Varint(number_) || Fail();
      case 1:
        type_ = WireType::kFixed64;
        return Fixed<uint64_t>() || Fail();
      case 2: {
        type_ = WireType::kBytes;
        uint64_t size = 0;
        if (!Varint(size) || size > static_cast<uint64_t>(end_ - next_)) return Fail();
        bytes_ = std::string_view(next_, size);
        next_ += size;
        return true;
      }
      case 5:
        type_ = WireType::kFixed32;
        return Fixed<uint32_t>() || Fail();
      default:
        return Fail();  // groups: no OTLP message ever had one
    }
  }

  uint32_t field() const { return field_; }
  WireType type() const { return type_; }
  // True for a field of this number that holds text, bytes or a message.
  bool Is(uint32_t field) const { return field_ == field && type_ == WireType::kBytes; }
  std::string_view bytes() const { return bytes_; }  // REQUIRES: type() is kBytes
  uint64_t number() const { return number_; }        // REQUIRES: type() is not kBytes

  // False when the message broke off or holds what no protobuf writer writes.
  bool ok() const { return ok_; }

 private:
  bool Varint(uint64_t& out) {
    uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (next_ == end_) return false;
      const uint8_t byte = static_cast<uint8_t>(*next_++);
      if (shift < 64) value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) {
        out = value;
        return true;
      }
    }
    return false;
  }
  template <typename T>
  bool Fixed() {
    if (end_ - next_ < static_cast<ptrdiff_t>(sizeof(T))) return false;
    T value;
    std::memcpy(&value, next_, sizeof(T));
    next_ += sizeof(T);
    number_ = value;
    return true;
  }
  bool Fail() {
    ok_ = false;
    next_ = end_;
    return false;
  }

  const char* next_;
  const char* end_;
  uint64_t number_ = 0;
  std::string_view bytes_;
  uint32_t field_ = 0;
  WireType type_ = WireType::kVarint;
  bool ok_ = true;
};

}  // namespace spanlog::stores
