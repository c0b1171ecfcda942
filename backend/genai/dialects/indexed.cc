#include "genai/dialects/indexed.h"

#include <charconv>

#include "base/text.h"

namespace spanlog::genai {

std::map<uint32_t, IndexedFields> ByIndex(Attributes attributes, std::string_view prefix) {
  std::map<uint32_t, IndexedFields> elements;
  for (const Attribute& attribute : attributes) {
    if (!StartsWith(attribute.key, prefix)) continue;
    const std::string_view rest = attribute.key.substr(prefix.size());
    uint32_t index = 0;
    const auto number = std::from_chars(rest.data(), rest.data() + rest.size(), index);
    const auto digits = static_cast<size_t>(number.ptr - rest.data());
    if (number.ec != std::errc() || digits == rest.size() || rest[digits] != '.') continue;
    elements[index].push_back({rest.substr(digits + 1), attribute.value});
  }
  return elements;
}

}  // namespace spanlog::genai
