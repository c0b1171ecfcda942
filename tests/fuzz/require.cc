#include <cstdio>
#include <cstdlib>

#include "target.h"

namespace spanlog::fuzz {

void Require(bool holds, std::string_view sentence, std::string_view detail) {
  if (holds) return;
  detail = detail.substr(0, 2000);
  std::fprintf(stderr, "BROKEN: %.*s: %.*s\n", static_cast<int>(sentence.size()), sentence.data(),
               static_cast<int>(detail.size()), detail.data());
  std::abort();
}

}  // namespace spanlog::fuzz
