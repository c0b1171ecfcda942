// Which attributes carry what people and models said.
#pragma once

#include <string_view>

namespace spanlog::policy {

// True for every key under which a dialect of genai.md 1 writes content, dotted as on spans or
// underscored as in Loki.
bool IsContentKey(std::string_view key);

// `*` stands for any run of characters.
bool KeyMatches(std::string_view key, std::string_view pattern);

}  // namespace spanlog::policy
