// Images, sounds and files inside texts.
#pragma once

#include <string_view>

#include "base/arena.h"

namespace spanlog::policy {

// What stands for media that the policy switches off.
inline constexpr std::string_view kMediaWithheld = "[media withheld by policy]";

// `text` without media: data: URLs, long runs of base64, and what JSON holds where the APIs of
// models keep images, sounds and files, their addresses too. `text` itself when there is none.
std::string_view WithoutMedia(std::string_view text, Arena& arena);

// True for attributes that hold nothing else: …image.image.url.
bool IsMediaKey(std::string_view key);

}  // namespace spanlog::policy
