#include "stores/layout/plain_text.h"

#include <string>

#include "base/text.h"

namespace spanlog::stores {
namespace {

// A template may name one long value again and again; what is longer than this stays unfilled.
constexpr size_t kLongestFilled = 1 << 20;

// The name in "@Name,10:000": an operator before it, alignment and format after it.
std::string_view HoleName(std::string_view hole) {
  if (!hole.empty() && (hole.front() == '@' || hole.front() == '$')) hole.remove_prefix(1);
  return hole.substr(0, hole.find_first_of(",:"));
}

bool AppendValue(const Value& value, std::string& out) {
  switch (value.type) {
    case ValueType::kString:
    case ValueType::kJson:
    case ValueType::kBytes:
      out.append(value.text());
      return true;
    case ValueType::kBool:
      out.append(value.boolean ? "true" : "false");
      return true;
    case ValueType::kInt:
      Append(out, value.integer);
      return true;
    case ValueType::kDouble:
      out.append(DoubleToText(value.real));
      return true;
    default:
      return false;
  }
}

const Value* FieldOf(std::string_view name, Attributes fields) {
  if (name.empty()) return nullptr;
  if (const Value* value = Find(fields, name)) return value;
  return Find(fields, Concat("Properties.", name));
}

}  // namespace

std::string_view RenderTemplate(std::string_view message_template, Attributes fields,
                                Arena& arena) {
  if (message_template.find('{') == message_template.npos) return message_template;
  std::string out;
  const size_t last_end = message_template.rfind('}');
  for (size_t i = 0; i < message_template.size(); ++i) {
    const char c = message_template[i];
    if ((c == '{' || c == '}') &&
        message_template.substr(i + 1, 1) == message_template.substr(i, 1)) {
      out.push_back(c);
      ++i;
      continue;
    }
    const bool is_hole = c == '{' && last_end != message_template.npos && i < last_end;
    const size_t end = is_hole ? message_template.find('}', i) : message_template.npos;
    if (end == message_template.npos) {
      out.push_back(c);
      continue;
    }
    const Value* value = FieldOf(HoleName(message_template.substr(i + 1, end - i - 1)), fields);
    const bool is_filled = value != nullptr &&
                           out.size() < kLongestFilled + message_template.size() &&
                           AppendValue(*value, out);
    if (!is_filled) {
      out.append(message_template.substr(i, end - i + 1));
    }
    i = end;
  }
  return arena.Copy(out);
}

std::string_view WithoutColours(std::string_view text, Arena& arena) {
  if (text.find('\x1b') == text.npos) return text;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\x1b' || text.substr(i + 1, 1) != "[") {
      out.push_back(text[i]);
      continue;
    }
    i += 2;
    while (i < text.size() && (text[i] == ';' || (text[i] >= '0' && text[i] <= '9'))) ++i;
  }
  return arena.Copy(out);
}

}  // namespace spanlog::stores
