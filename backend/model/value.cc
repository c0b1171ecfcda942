#include "model/value.h"

#include "base/text.h"

namespace spanlog {

const Value* Find(Attributes attributes, std::string_view key) {
  for (const Attribute& attribute : attributes) {
    if (attribute.key == key) return &attribute.value;
  }
  return nullptr;
}

std::string_view FindText(Attributes attributes, std::string_view key) {
  const Value* value = Find(attributes, key);
  return value == nullptr ? std::string_view() : value->text();
}

bool FindInt(Attributes attributes, std::string_view key, int64_t& out) {
  double real = 0;
  if (!FindDouble(attributes, key, real)) return false;
  const Value* value = Find(attributes, key);
  out = value->type == ValueType::kInt ? value->integer : static_cast<int64_t>(real);
  return true;
}

bool FindDouble(Attributes attributes, std::string_view key, double& out) {
  const Value* value = Find(attributes, key);
  if (value == nullptr) return false;
  switch (value->type) {
    case ValueType::kInt:
      out = static_cast<double>(value->integer);
      return true;
    case ValueType::kDouble:
      out = value->real;
      return out > -9e18 && out < 9e18;  // NaN fails both
    case ValueType::kString:
      return ParseDouble(value->text(), out) && out > -9e18 && out < 9e18;
    default:
      return false;
  }
}

}  // namespace spanlog
