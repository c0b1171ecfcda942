// A run of bytes that owns the memory it lies in, which is often larger: there may be room in
// front of it and behind it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/block_pool.h"

namespace spanlog {

// The bytes stay where they are when this is moved. Not thread-safe.
class Chunk {
 public:
  // Takes a text over. There is no room around it.
  Chunk(std::string text);
  // Room for `bytes`, of which `front` are kept free for Prepend. Throws std::bad_alloc. REQUIRES:
  // front <= bytes.
  explicit Chunk(size_t bytes, size_t front = 0);
  Chunk(Chunk&& other) noexcept = default;
  Chunk& operator=(Chunk&& other) noexcept = default;

  char* data() const { return begin_; }
  size_t size() const { return static_cast<size_t>(end_ - begin_); }
  std::string_view view() const { return {begin_, size()}; }
  size_t room() const { return static_cast<size_t>(limit_ - end_); }
  size_t front() const { return static_cast<size_t>(begin_ - memory_); }
  // Of all memory it owns.
  size_t capacity() const { return static_cast<size_t>(limit_ - memory_); }

  // REQUIRES: text.size() <= room().
  void Append(std::string_view text);
  // REQUIRES: text.size() <= front().
  void Prepend(std::string_view text);
  // REQUIRES: bytes <= size().
  void DropLast(size_t bytes) { end_ -= bytes; }

  // Its bytes as a text, without a copy where it was made of one. Leaves this without content.
  std::string TakeText();

 private:
  Block block_;
  std::string text_;
  char* memory_ = nullptr;
  char* begin_ = nullptr;
  char* end_ = nullptr;
  char* limit_ = nullptr;
};

}  // namespace spanlog
