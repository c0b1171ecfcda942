// Blocks of one size for what queries hold most of: arenas and columns. Blocks of a kind fill each
// other's place, where the C library's heap would keep gaps between pieces of all sizes.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

namespace spanlog {

// Thread-safe.
class BlockPool {
 public:
  static constexpr size_t kBlockBytes = size_t{64} << 10;

  // The process's own. It is never destroyed.
  static BlockPool& Get();

  // kBlockBytes bytes with any content. Throws std::bad_alloc.
  char* Take();
  // Takes a block back.
  void Give(char* block);

  // Gives the memory of unused blocks back to the kernel; it is had again when they are written.
  void Trim();

  size_t unused() const;

 private:
  mutable std::mutex mutex_;
  std::vector<char*> unused_;  // guarded by mutex_; the last given is the first taken
  size_t all_ = 0;             // guarded by mutex_
};

// One block of the pool, or, when another size is asked for, memory of the C library's.
class Block {
 public:
  Block() = default;
  explicit Block(size_t bytes);
  Block(Block&& other) noexcept { *this = static_cast<Block&&>(other); }
  Block& operator=(Block&& other) noexcept;
  ~Block();

  char* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace spanlog
