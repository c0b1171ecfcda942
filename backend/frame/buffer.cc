#include "frame/buffer.h"

#include <algorithm>

namespace spanlog::frame {

void Buffer::Grow(size_t more) {
  if (size_ > 0 && size_ + more > kChunk) CloseChunk();
  size_t wanted = std::max(size_ + more, size_t{256});
  // Small ones double; a large one is a whole chunk at once.
  if (wanted < kChunk)
    wanted = full_.empty() ? std::min(kChunk, std::max(wanted, open_.size() * 2)) : kChunk;
  Block grown(wanted);
  if (size_ > 0) std::memcpy(grown.data(), open_.data(), size_);
  open_ = std::move(grown);
}

void Buffer::CloseChunk() {
  full_.push_back({before_, {std::move(open_), size_}});
  open_ = Block();
  before_ += size_;
  size_ = 0;
}

std::string_view Buffer::view() const {
  if (!full_.empty()) {
    Buffer& self = const_cast<Buffer&>(*this);
    Block all(size());
    for (const Chunk& chunk : full_) {
      std::memcpy(all.data() + chunk.begin, chunk.bytes.data(), chunk.bytes.size());
    }
    if (size_ > 0) std::memcpy(all.data() + before_, open_.data(), size_);
    self.size_ = all.size();
    self.open_ = std::move(all);
    self.full_.clear();
    self.before_ = 0;
  }
  return {open_.data(), size_};
}

void Buffer::AppendCopyOf(size_t offset, size_t size) {
  auto chunk = std::upper_bound(full_.begin(), full_.end(), offset,
                                [](size_t at, const Chunk& one) { return at < one.begin; });
  size_t at = offset < before_ ? static_cast<size_t>(chunk - full_.begin()) - 1 : full_.size();
  while (size > 0) {
    // Taken anew in each round: an open chunk may become a full one meanwhile.
    const bool is_open = at == full_.size();
    const size_t begin = is_open ? before_ : full_[at].begin;
    const size_t end = is_open ? before_ + size_ : begin + full_[at].bytes.size();
    const size_t piece = std::min(size, end - offset);
    char* const to = Reserve(piece);
    const char* const from =
        (at == full_.size() ? open_.data() : full_[at].bytes.data()) + (offset - begin);
    std::memcpy(to, from, piece);
    size_ += piece;
    size -= piece;
    offset += piece;
    ++at;
  }
}

char Buffer::last() const {
  if (size_ > 0) return open_.data()[size_ - 1];
  const Bytes& chunk = full_.back().bytes;
  return chunk.data()[chunk.size() - 1];
}

void Buffer::DropLast() {
  if (size_ > 0) {
    --size_;
    return;
  }
  --before_;
  if (--full_.back().bytes.used == 0) full_.pop_back();
}

std::vector<Buffer::Bytes> Buffer::TakeChunks() {
  if (size_ > 0) CloseChunk();
  std::vector<Bytes> chunks;
  chunks.reserve(full_.size());
  for (Chunk& chunk : full_) chunks.push_back(std::move(chunk.bytes));
  *this = Buffer();
  return chunks;
}

}  // namespace spanlog::frame
