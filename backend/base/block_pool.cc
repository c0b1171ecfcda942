#include "base/block_pool.h"

#include <sys/mman.h>

#include <cstdlib>
#include <new>
#include <utility>

namespace spanlog {
namespace {

constexpr size_t kSlabBlocks = 32;

// A block that comes back as it went would hide a use after its end.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // g++
constexpr bool kPooled = false;
#elif defined(__has_feature)  // clang
constexpr bool kPooled = !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer);
#else
constexpr bool kPooled = true;
#endif

char* Malloc(size_t bytes) {
  char* const data = static_cast<char*>(std::malloc(bytes));
  if (data == nullptr) throw std::bad_alloc();
  return data;
}

}  // namespace

BlockPool& BlockPool::Get() {
  static BlockPool& pool = *new BlockPool;
  return pool;
}

char* BlockPool::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (unused_.empty()) {
    unused_.reserve(all_ + kSlabBlocks);  // Give must not fail
    void* const slab = mmap(nullptr, kSlabBlocks * kBlockBytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (slab == MAP_FAILED) throw std::bad_alloc();
    all_ += kSlabBlocks;
    for (size_t i = kSlabBlocks; i-- > 0;)
      unused_.push_back(static_cast<char*>(slab) + i * kBlockBytes);
  }
  char* const block = unused_.back();
  unused_.pop_back();
  return block;
}

void BlockPool::Give(char* block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  unused_.push_back(block);
}

void BlockPool::Trim() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (char* const block : unused_) (void)madvise(block, kBlockBytes, MADV_DONTNEED);
}

size_t BlockPool::unused() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return unused_.size();
}

Block::Block(size_t bytes)
    : data_(kPooled && bytes == BlockPool::kBlockBytes ? BlockPool::Get().Take() : Malloc(bytes)),
      size_(bytes) {}

Block& Block::operator=(Block&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Block::~Block() {
  if (data_ == nullptr) return;
  if (kPooled && size_ == BlockPool::kBlockBytes) {
    BlockPool::Get().Give(data_);
  } else {
    std::free(data_);
  }
}

}  // namespace spanlog
