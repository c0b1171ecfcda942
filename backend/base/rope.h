// Bytes in pieces: what is large goes on its way without being copied together first.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spanlog {

// Copies share the pieces, which never change.
class Rope {
 public:
  struct Piece {
    std::string_view bytes;
    std::shared_ptr<const void> owner;  // of `bytes`
  };

  Rope() = default;
  Rope(std::string text) { Append(std::move(text)); }

  // Takes a std::string, or whatever else owns bytes and has data() and size(). Empty ones are left
  // out.
  template <typename Bytes>
  void Append(Bytes bytes) {
    if (bytes.size() == 0) return;
    auto owner = std::make_shared<const Bytes>(std::move(bytes));
    size_ += owner->size();
    pieces_.push_back({{owner->data(), owner->size()}, owner});
  }

  size_t size() const { return size_; }
  const std::vector<Piece>& pieces() const { return pieces_; }

  std::string Flatten() const {
    std::string all;
    all.reserve(size_);
    for (const Piece& piece : pieces_) all.append(piece.bytes);
    return all;
  }

 private:
  std::vector<Piece> pieces_;
  size_t size_ = 0;
};

}  // namespace spanlog
