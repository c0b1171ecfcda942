// One string of what is nearly JSON: in either quote, with Python's escapes, raw control
// characters, lone surrogates.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spanlog::genai {

// Appends the string whose opening `quote` is at `in[at]` to `out` as a strict JSON string, and
// moves `at` behind it. False when `in` ends before the string does: what was there of it is
// closed, without a half escape, and `at` is the end.
bool CopyString(std::string_view in, size_t& at, char quote, std::string& out);

}  // namespace spanlog::genai
