#include "frame/buffer.h"

#include <algorithm>
#include <new>

#include "base/huge_pages.h"

namespace spanlog::frame {

void Buffer::Grow(size_t more) {
  const size_t wanted = std::max({size_ + more, capacity_ + capacity_ / 2, size_t{256}});
  char* grown = static_cast<char*>(std::realloc(data_, wanted));
  if (grown == nullptr) throw std::bad_alloc();
  data_ = grown;
  capacity_ = wanted;
  AdviseHugePages(data_, capacity_);
}

}  // namespace spanlog::frame
