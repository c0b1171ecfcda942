// A growing run of bytes that is written once and then copied once into the file.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

namespace spanlog::frame {

// Unlike std::string it does not clear what it grows by, and large growth is a remapping of pages.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept { *this = std::move(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~Buffer() { std::free(data_); }

  const char* data() const { return data_; }
  size_t size() const { return size_; }
  std::string_view view() const { return {data_, size_}; }

  // Room for `more` further bytes; returns where they go. Finish tells how far they went.
  char* Reserve(size_t more) {
    if (capacity_ - size_ < more) Grow(more);
    return data_ + size_;
  }
  void Finish(const char* end) { size_ = static_cast<size_t>(end - data_); }

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
  void AppendCopyOf(size_t offset, size_t size) {
    char* to = Reserve(size);
    std::memcpy(to, data_ + offset, size);
    size_ += size;
  }
  void DropLast() { --size_; }

 private:
  void Grow(size_t more);

  char* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace spanlog::frame
