#include "base/chunk.h"

#include <cstring>
#include <utility>

namespace spanlog {
namespace {

// A text that is shorter lies in the string itself, and moves with it.
constexpr size_t kShortest = sizeof(std::string);

}  // namespace

Chunk::Chunk(std::string text) : text_(std::move(text)) {
  text_.reserve(kShortest);
  memory_ = begin_ = text_.data();
  end_ = limit_ = begin_ + text_.size();
}

Chunk::Chunk(size_t bytes, size_t front)
    : block_(bytes),
      memory_(block_.data()),
      begin_(memory_ + front),
      end_(begin_),
      limit_(memory_ + bytes) {}

void Chunk::Append(std::string_view text) {
  std::memcpy(end_, text.data(), text.size());
  end_ += text.size();
}

void Chunk::Prepend(std::string_view text) {
  begin_ -= text.size();
  std::memcpy(begin_, text.data(), text.size());
}

std::string Chunk::TakeText() {
  std::string text;
  if (block_.data() != nullptr) {
    text.assign(begin_, end_);
  } else {
    text_.resize(size());
    text = std::exchange(text_, std::string());
  }
  *this = Chunk(std::string());
  return text;
}

}  // namespace spanlog
