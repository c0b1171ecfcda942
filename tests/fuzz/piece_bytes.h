// Where a body that comes in pieces is cut.
#pragma once

#include <cstddef>
#include <string_view>

#include "whole.h"

namespace spanlog::fuzz {

// How many bytes a piece has. The body says so, that each place is cut now and then; half of the
// bodies come in pieces so small that many of their texts and numbers are cut.
inline size_t PieceBytes(std::string_view body) {
  const uint64_t hash = HashOf(body);
  return 1 + (hash >> 1) % (hash & 1 ? 32 : body.size() + 1);
}

}  // namespace spanlog::fuzz
