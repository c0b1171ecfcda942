#include "stores/otlp/wire_stream.h"

namespace spanlog::stores {
namespace {

// A tag and a length or number, ten bytes each at most.
constexpr uint64_t kLongestHead = 20;

}  // namespace

bool WireStream::More() {
  const char* const moved = buffer_.More(at_);
  if (moved == nullptr) return false;
  at_ = moved;
  return true;
}

bool WireStream::Skip() {
  while (skip_ > There()) {
    skip_ -= There();
    at_ = buffer_.end();
    if (!More()) return false;
  }
  at_ += skip_;
  skip_ = 0;
  return true;
}

bool WireStream::Next(uint64_t end) {
  if (!ok_ || !Skip()) return Fail();
  if (Offset() == end) return false;
  while (There() < std::min(kLongestHead, end - Offset()) && More()) {
  }
  if (There() == 0) return end == kEndOfBody ? false : Fail();
  const uint64_t left = end - Offset();
  const char* const limit = at_ + std::min(There(), left);
  if (!ReadTag(at_, limit, field_, type_)) return Fail();
  if (type_ != WireType::kBytes) return ReadNumber(type_, at_, limit, number_) || Fail();
  if (!ReadVarint(at_, limit, size_) || size_ > end - Offset()) return Fail();
  if (Offset() + size_ == kEndOfBody) return Fail();  // no length that a body can have
  skip_ = size_;
  return true;
}

size_t WireStream::CountHere(uint32_t field, uint64_t end) const {
  size_t count = 1;
  const uint64_t left = std::min(There(), end - Offset());
  if (skip_ > left) return count;
  WireReader reader(std::string_view(at_ + skip_, left - skip_));
  while (reader.Next()) count += reader.Is(field);
  return count;
}

bool WireStream::TakeBytes(std::string_view& bytes) {
  while (size_ > There()) {
    if (!More()) return Fail();
  }
  bytes = std::string_view(at_, size_);
  at_ += size_;
  skip_ = 0;
  return true;
}

}  // namespace spanlog::stores
