#include "stores/piece_buffer.h"

#include <utility>

namespace spanlog::stores {
namespace {

// A text that is shorter lies in the string itself, and moves with it.
constexpr size_t kShortest = sizeof(std::string);

}  // namespace

char* PieceBuffer::More(const char* keep) {
  std::optional<std::string> next = source_.Next();
  if (!next.has_value()) return nullptr;
  received_ += next->size();
  const size_t kept = pieces_.empty() ? 0 : static_cast<size_t>(end_ - keep);
  if (kept != 0 && keep == pieces_.back().bytes.data()) {
    pieces_.back().bytes += *next;
  } else {
    Piece piece{std::move(*next), 0};
    if (kept != 0) {
      pieces_.back().used -= kept;
      piece.bytes.reserve(kept + piece.bytes.size());  // to the byte: insert alone would double it
      piece.bytes.insert(0, keep, kept);
    }
    piece.bytes.reserve(kShortest);
    pieces_.push_back(std::move(piece));
  }
  Piece& last = pieces_.back();
  last.used = last.bytes.size();
  end_ = last.bytes.data() + last.used;
  return last.bytes.data();
}

std::string PieceBuffer::TakeWhole() {
  std::string whole;
  for (Piece& piece : pieces_) {
    piece.bytes.resize(piece.used);
    if (whole.empty()) {
      whole = std::move(piece.bytes);
    } else {
      whole += piece.bytes;
    }
  }
  pieces_.clear();
  end_ = nullptr;
  while (std::optional<std::string> next = source_.Next()) whole += *next;
  return whole;
}

void PieceBuffer::MoveTo(Arena& arena) {
  for (Piece& piece : pieces_) arena.Own(std::move(piece.bytes));
  pieces_.clear();
  end_ = nullptr;
}

}  // namespace spanlog::stores
