#include "stores/otlp/json_any_value.h"

#include <cmath>
#include <limits>
#include <optional>

#include "base/text.h"
#include "stores/json/json_text.h"
#include "stores/json/json_value.h"

namespace spanlog::stores {
namespace {

constexpr int kMaxDepth = 64;

double DoubleOf(JsonElement element) {
  double real = 0;
  if (element.get_double().get(real) == simdjson::SUCCESS) return real;
  std::string_view text;
  if (element.get_string().get(text) != simdjson::SUCCESS) return 0;
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return ParseDouble(text, real) ? real : std::nan("");
}

}  // namespace

Value JsonAnyValueReader::Read(JsonElement any_value) {
  JsonObject object;
  if (any_value.get_object().get(object) != simdjson::SUCCESS) return {};
  for (const auto field : object) {
    if (field.key == "stringValue") return JsonToValue(field.value, arena_, json_);
    if (field.key == "boolValue") return JsonToValue(field.value, arena_, json_);
    if (field.key == "intValue") return Value::Int(IntOf(field.value).value_or(0));
    if (field.key == "doubleValue") return Value::Double(DoubleOf(field.value));
    if (field.key == "bytesValue") {
      Value value = JsonToValue(field.value, arena_, json_);
      value.type = ValueType::kBytes;
      return value;
    }
    if (field.key == "arrayValue" || field.key == "kvlistValue") {
      json_.clear();
      AppendAnyValue(any_value, 0);
      return Value::Json(arena_.Copy(json_));
    }
  }
  return {};
}

void JsonAnyValueReader::AppendAnyValue(JsonElement any_value, int depth) {
  JsonObject object;
  if (depth < kMaxDepth && any_value.get_object().get(object) == simdjson::SUCCESS) {
    for (const auto field : object) {
      if (field.key == "intValue") {
        Append(json_, IntOf(field.value).value_or(0));
        return;
      }
      if (field.key == "doubleValue") {
        AppendJsonDouble(json_, DoubleOf(field.value));
        return;
      }
      if (field.key == "arrayValue" || field.key == "kvlistValue") {
        AppendList(field.value, field.key == "kvlistValue", depth);
        return;
      }
      if (field.key == "stringValue" || field.key == "boolValue" || field.key == "bytesValue") {
        AppendJson(json_, field.value);
        return;
      }
    }
  }
  json_.append("null");
}

void JsonAnyValueReader::AppendList(JsonElement list, bool is_map, int depth) {
  json_.push_back(is_map ? '{' : '[');
  bool first = true;
  if (const auto values = ArrayMember(list, "values")) {
    for (const JsonElement item : *values) {
      if (!first) json_.push_back(',');
      first = false;
      std::optional<JsonElement> value = item;
      if (is_map) {
        AppendJsonString(json_, TextMember(item, "key"));
        json_.push_back(':');
        value = Member(item, "value");
      }
      if (value.has_value()) {
        AppendAnyValue(*value, depth + 1);
      } else {
        json_.append("null");
      }
    }
  }
  json_.push_back(is_map ? '}' : ']');
}

}  // namespace spanlog::stores
