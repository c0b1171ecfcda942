// A growing run of bytes that is written once and then handed on in pieces.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "base/block_pool.h"

namespace spanlog::frame {

// Unlike std::string it does not clear what it grows by. Once it is large it grows in chunks and
// never moves what is written: a large column would need its memory twice, and room for what might
// come.
class Buffer {
 public:
  static constexpr size_t kChunk = BlockPool::kBlockBytes;

  // A piece of it, owned by whoever has it.
  struct Bytes {
    Block block;
    size_t used = 0;
    const char* data() const { return block.data(); }
    size_t size() const { return used; }
  };

  Buffer() = default;
  Buffer(Buffer&& other) noexcept { *this = std::move(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(full_, other.full_);
    std::swap(before_, other.before_);
    std::swap(open_, other.open_);
    std::swap(size_, other.size_);
    return *this;
  }

  size_t size() const { return before_ + size_; }
  // All of it. Joins the chunks of a large one, so it is for readers and small buffers. Not
  // thread-safe.
  std::string_view view() const;
  const char* data() const { return view().data(); }

  // Room for `more` further bytes; returns where they go. Finish tells how far they went.
  char* Reserve(size_t more) {
    if (open_.size() - size_ < more) Grow(more);
    return open_.data() + size_;
  }
  void Finish(const char* end) { size_ = static_cast<size_t>(end - open_.data()); }

  void Append(char c) {
    *Reserve(1) = c;
    ++size_;
  }
  void Append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(Reserve(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  template <typename T>
  void AppendScalar(T value) {
    std::memcpy(Reserve(sizeof(value)), &value, sizeof(value));
    size_ += sizeof(value);
  }
  // Appends bytes that are in this buffer already.
  void AppendCopyOf(size_t offset, size_t size);

  // REQUIRES: not empty.
  char last() const;
  void DropLast();

  // The bytes as they lie. Leaves this empty.
  std::vector<Bytes> TakeChunks();

 private:
  struct Chunk {
    size_t begin;  // where it lies in the whole
    Bytes bytes;
  };
  void Grow(size_t more);
  void CloseChunk();

  std::vector<Chunk> full_;
  size_t before_ = 0;  // bytes in full_
  Block open_;
  size_t size_ = 0;  // bytes of open_ that are used
};

}  // namespace spanlog::frame
