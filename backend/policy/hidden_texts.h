// Texts that are written in another form, and pairs inside of lines.
#pragma once

#include <string>
#include <string_view>

namespace spanlog::policy {

// The text that `text` is wholly written in base64 of; empty when it is none, or too short to tell.
std::string FromBase64(std::string_view text);

// One whole JSON string: "…".
bool IsJsonString(std::string_view text);

// Characters of a name in logfmt.
bool IsNameChar(char c);

// The end of a logfmt value that begins at `at`, its closing quote included.
size_t EndOfPairValue(std::string_view text, size_t at);

}  // namespace spanlog::policy
