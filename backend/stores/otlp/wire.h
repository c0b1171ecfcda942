// Protobuf's wire format, read in place. A generated parser would refuse a whole trace for one
// character that Tempo cut in two, and would copy every text.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace spanlog::stores {

static_assert(std::endian::native == std::endian::little, "fixed-width fields are read by memcpy");

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

// A varint at `next`, which is moved behind it. False when it breaks off before `end`, or is too
// long.
inline bool ReadVarint(const char*& next, const char* end, uint64_t& out) {
  uint64_t value = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    if (next == end) return false;
    const uint8_t byte = static_cast<uint8_t>(*next++);
    if (shift < 64) value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      out = value;
      return true;
    }
  }
  return false;
}

// A little-endian number of T's size at `next`, which is moved behind it.
template <typename T>
bool ReadFixed(const char*& next, const char* end, uint64_t& out) {
  if (end - next < static_cast<std::ptrdiff_t>(sizeof(T))) return false;
  T value;
  std::memcpy(&value, next, sizeof(T));
  next += sizeof(T);
  out = value;
  return true;
}

// The number and the type of a field, at `next`.
inline bool ReadTag(const char*& next, const char* end, uint32_t& field, WireType& type) {
  uint64_t tag = 0;
  if (!ReadVarint(next, end, tag) || tag >> 3 == 0 || tag >> 32 != 0) return false;
  field = static_cast<uint32_t>(tag >> 3);
  type = static_cast<WireType>(tag & 7);
  return true;
}

// The number of a field of this type at `next`, which is moved behind it. False when it breaks off,
// and for types that hold no number: bytes, and groups, which no OTLP message ever had.
inline bool ReadNumber(WireType type, const char*& next, const char* end, uint64_t& out) {
  switch (type) {
    case WireType::kVarint:
      return ReadVarint(next, end, out);
    case WireType::kFixed64:
      return ReadFixed<uint64_t>(next, end, out);
    case WireType::kFixed32:
      return ReadFixed<uint32_t>(next, end, out);
    default:
      return false;
  }
}

// Walks over the fields of one message. The views it gives point into the message.
class WireReader {
 public:
  explicit WireReader(std::string_view message)
      : next_(message.data()), end_(message.data() + message.size()) {}

  // Moves to the next field. False at the end, and when the message is malformed (see ok()).
  bool Next() {
    if (next_ == end_) return false;
    if (!ReadTag(next_, end_, field_, type_)) return Fail();
    if (type_ != WireType::kBytes) return ReadNumber(type_, next_, end_, number_) || Fail();
    uint64_t size = 0;
    if (!ReadVarint(next_, end_, size) || size > static_cast<uint64_t>(end_ - next_)) return Fail();
    bytes_ = std::string_view(next_, size);
    next_ += size;
    return true;
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
