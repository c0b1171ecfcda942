// Text from outside is made valid UTF-8 once, where it enters the model. Go
// refuses an invalid proto string and the browser an invalid JSON cell.
#pragma once

#include <string>
#include <string_view>

#include "base/arena.h"

namespace spanlog {

bool IsValidUtf8(std::string_view text);

// `text` itself when it is valid; else a copy in which each broken byte is U+FFFD.
std::string_view ToValidUtf8(std::string_view text, Arena& arena);
std::string ToValidUtf8(std::string_view text);

// The longest prefix of at most `max_bytes` bytes that does not end inside a character.
// REQUIRES: `text` is valid UTF-8.
std::string_view CutUtf8(std::string_view text, size_t max_bytes);

// The first `max_chars` code points. REQUIRES: `text` is valid UTF-8.
std::string_view CutChars(std::string_view text, size_t max_chars);

}  // namespace spanlog
