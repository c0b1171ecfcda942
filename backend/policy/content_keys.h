// Which attributes carry what people and models said, and which surely do not.
#pragma once

#include <string_view>

namespace spanlog::policy {

// True for every key under which a dialect of genai.md 1 writes content, dotted as on spans or
// underscored as in Loki.
bool IsContentKey(std::string_view key);

// True for keys whose values are facts about machines and calls, however long they are: resource
// attributes, ids, models, usage. What is neither is judged by its value.
bool IsTechnicalKey(std::string_view key);

}  // namespace spanlog::policy
