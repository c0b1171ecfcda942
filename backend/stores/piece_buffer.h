// The pieces of a body as they are read from left to right: each stays where it is, for views, and
// what the end of a piece cuts in two is joined.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "base/arena.h"
#include "base/chunk.h"
#include "stores/body_pieces.h"

namespace spanlog::stores {

// Not thread-safe. `source` must outlive it.
class PieceBuffer {
 public:
  explicit PieceBuffer(BodyPieces& source) : source_(source) {}
  PieceBuffer(const PieceBuffer&) = delete;
  PieceBuffer& operator=(const PieceBuffer&) = delete;

  // Gets a further piece. `keep` is a place in what is there, or null before the first piece: the
  // bytes from there on are wanted in one row with the new ones, and may move for it. Returns where
  // they are now, or null when nothing more comes; then nothing moved.
  char* More(const char* keep);

  // The end of the bytes that are there.
  char* end() const { return end_; }
  // Of all that has come.
  uint64_t received() const { return received_; }
  // Why no more came, when that was not the end.
  absl::Status status() const { return source_.status(); }

  // The body as far as it has come, and the rest of it; for one that must be read in another way.
  // What was changed in place stays changed. Nothing is left here.
  std::string TakeWhole();

  // Gives what views point to over to the arena.
  void MoveTo(Arena& arena);

 private:
  void Join(std::string_view kept, Chunk next);

  BodyPieces& source_;
  std::deque<Chunk> pieces_;  // without what the next one took over
  char* end_ = nullptr;
  uint64_t received_ = 0;
};

}  // namespace spanlog::stores
