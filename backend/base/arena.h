// Bump allocator that also owns upstream bodies, so that the model can be made
// of views. Everything in it lives until the arena goes. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstring>
#include <deque>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/types/span.h"
#include "base/block_pool.h"
#include "base/chunk.h"

namespace spanlog {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Takes a body (or any text) over and returns a view of it.
  std::string_view Own(std::string body);

  // Takes what a chunk holds over; it stays where it is.
  void Own(Chunk chunk);

  // Copies text into the arena.
  std::string_view Copy(std::string_view text);

  // Uninitialised bytes, aligned for any scalar.
  char* Allocate(size_t size);

  // Gives the unused tail of the newest Allocate(size) back. REQUIRES: `data` came from it.
  void Shrink(char* data, size_t allocated, size_t used);

  // Copies an array of plain structs into the arena.
  template <typename T>
  absl::Span<const T> CopyArray(absl::Span<const T> items) {
    static_assert(std::is_trivially_destructible_v<T>);
    static_assert(std::is_trivially_copyable_v<T>);
    if (items.empty()) return {};
    T* copy = reinterpret_cast<T*>(Allocate(items.size() * sizeof(T)));
    std::memcpy(static_cast<void*>(copy), items.data(), items.size() * sizeof(T));
    return absl::Span<const T>(copy, items.size());
  }
  template <typename T>
  absl::Span<const T> CopyArray(const std::vector<T>& items) {
    return CopyArray(absl::Span<const T>(items));
  }

  // Bytes held, bodies included.
  size_t bytes() const { return bytes_; }

 private:
  std::deque<std::string> bodies_;
  std::vector<Chunk> chunks_;
  std::vector<Block> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t bytes_ = 0;
};

}  // namespace spanlog
