#include "stores/piece_buffer.h"

#include <optional>
#include <string_view>
#include <utility>

#include "http/client.h"

namespace spanlog::stores {

char* PieceBuffer::More(const char* keep) {
  std::optional<Chunk> next = source_.Next();
  if (!next.has_value()) return nullptr;
  received_ += next->size();
  if (pieces_.empty() || keep == end_) {
    pieces_.push_back(std::move(*next));
  } else {
    Join({keep, static_cast<size_t>(end_ - keep)}, std::move(*next));
  }
  end_ = pieces_.back().data() + pieces_.back().size();
  return pieces_.back().data();
}

void PieceBuffer::Join(std::string_view kept, Chunk next) {
  Chunk& last = pieces_.back();
  const bool keeps_all = kept.size() == last.size();
  if (keeps_all && next.size() <= last.room()) return last.Append(next.view());
  if (kept.size() <= next.front()) {
    next.Prepend(kept);
  } else {
    // A text that goes on and on takes twice the room each time.
    const size_t bytes = kept.size() + next.size();
    Chunk joined(keeps_all ? 2 * bytes : bytes);
    joined.Append(kept);
    joined.Append(next.view());
    next = std::move(joined);
  }
  if (keeps_all) {
    pieces_.pop_back();
  } else {
    last.DropLast(kept.size());
  }
  pieces_.push_back(std::move(next));
}

std::string PieceBuffer::TakeWhole() {
  while (std::optional<Chunk> next = source_.Next()) pieces_.push_back(std::move(*next));
  std::string whole;
  if (pieces_.size() == 1) {
    whole = pieces_.front().TakeText();
  } else {
    size_t size = 0;
    for (const Chunk& piece : pieces_) size += piece.size();
    whole.reserve(size + http::kBodyPadding);  // for simdjson
    for (; !pieces_.empty(); pieces_.pop_front()) whole += pieces_.front().view();
  }
  pieces_.clear();
  end_ = nullptr;
  return whole;
}

void PieceBuffer::MoveTo(Arena& arena) {
  for (Chunk& piece : pieces_) arena.Own(std::move(piece));
  pieces_.clear();
  end_ = nullptr;
}

}  // namespace spanlog::stores
