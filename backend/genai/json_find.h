// Looking members up under the several names that providers give them.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "genai/json.h"

namespace spanlog::genai {

inline bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The first member that is there and not null. Gemini's parts name all kinds and null the others.
inline const JsonValue* First(const JsonValue& object,
                              std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const JsonValue* value = object.Get(key);
    if (value != nullptr && value->type != JsonType::kNull) return value;
  }
  return nullptr;
}

inline const JsonValue* ObjectAt(const JsonValue& object,
                                 std::initializer_list<std::string_view> keys) {
  const JsonValue* value = First(object, keys);
  return value != nullptr && value->is_object() ? value : nullptr;
}

}  // namespace spanlog::genai
