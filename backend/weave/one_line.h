// The first words of a text on one line.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/arena.h"

namespace spanlog::weave {

// Blanks, line ends, control characters and terminal escapes become single spaces, "…" stands where
// it was shortened. At most `max_chars` characters before that. The view is in the arena.
std::string_view OneLine(std::string_view text, size_t max_chars, Arena& arena);

}  // namespace spanlog::weave
