#include "base/arena.h"

#include <algorithm>
#include <utility>

namespace spanlog {
namespace {
constexpr size_t kBlockBytes = BlockPool::kBlockBytes;
constexpr size_t kFirstBytes = 4096;
constexpr size_t kAlign = alignof(std::max_align_t);
}  // namespace

std::string_view Arena::Own(std::string body) {
  bytes_ += body.capacity();
  bodies_.push_back(std::move(body));
  return bodies_.back();
}

void Arena::Own(Chunk chunk) {
  bytes_ += chunk.capacity();
  chunks_.push_back(std::move(chunk));
}

std::string_view Arena::Copy(std::string_view text) {
  if (text.empty()) return {};
  char* copy = Allocate(text.size());
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

char* Arena::Allocate(size_t size) {
  const size_t rounded = (size + kAlign - 1) / kAlign * kAlign;
  if (rounded > left_) {
    // A large piece gets a block of its own, so that the rest of the current block is not lost.
    if (rounded > kBlockBytes / 4) {
      blocks_.emplace_back(rounded);
      bytes_ += rounded;
      return blocks_.back().data();
    }
    // Many arenas stay small.
    const size_t block = blocks_.empty() && rounded <= kFirstBytes ? kFirstBytes : kBlockBytes;
    blocks_.emplace_back(block);
    bytes_ += block;
    next_ = blocks_.back().data();
    left_ = block;
  }
  char* result = next_;
  next_ += rounded;
  left_ -= rounded;
  return result;
}

void Arena::Shrink(char* data, size_t allocated, size_t used) {
  const size_t old_size = (allocated + kAlign - 1) / kAlign * kAlign;
  const size_t new_size = (used + kAlign - 1) / kAlign * kAlign;
  if (data + old_size != next_) return;
  next_ -= old_size - new_size;
  left_ += old_size - new_size;
}

}  // namespace spanlog
