// How many cells of a terminal a text takes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spanlog::cli {

// Wide characters take two cells, combining ones none; an emoji sequence (joined by U+200D, with a
// skin tone, a flag of two letters) takes two. REQUIRES: valid UTF-8 without control characters.
size_t DisplayWidth(std::string_view text);

// `text` in exactly `cells` cells: filled with blanks, or cut and ended with `mark`.
std::string FitWidth(std::string_view text, size_t cells, std::string_view mark);

}  // namespace spanlog::cli
