#include "genai/dialects/indexed.h"

#include <charconv>
#include <string>

#include "base/text.h"

namespace spanlog::genai {
namespace {

// Names of fields have some dozens of letters. A longer one would be repeated for each field below.
constexpr size_t kLongestKey = 1024;

// The parser bounds the depth.
void Flatten(const JsonValue& value, const std::string& key, Arena& arena, IndexedFields& out) {
  if (key.size() > kLongestKey) return;
  const std::string prefix = key.empty() ? key : Concat(key, '.');
  for (const JsonMember& member : value.members) {
    Flatten(member.value, Concat(prefix, member.key), arena, out);
  }
  for (size_t i = 0; i < value.items.size(); ++i) {
    Flatten(value.items[i], Concat(prefix, i), arena, out);
  }
  if (value.is_object() || value.is_array() || value.type == JsonType::kNull) return;
  out.push_back({arena.Copy(key), Value::String(value.text)});
}

}  // namespace

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

IndexedFields Flattened(const JsonValue& object, Arena& arena) {
  IndexedFields fields;
  Flatten(object, {}, arena, fields);
  return fields;
}

}  // namespace spanlog::genai
