#include "stores/json/json_value.h"

#include "base/text.h"
#include "stores/json/json_text.h"

namespace spanlog::stores {
namespace {
constexpr int kMaxDepth = 64;
}

void AppendJson(std::string& out, JsonElement element, int depth) {
  if (depth >= kMaxDepth) {
    out.append("null");
    return;
  }
  bool first = true;
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY: {
      out.push_back('[');
      for (const JsonElement item : JsonArray(element.get_array().value_unsafe())) {
        if (!first) out.push_back(',');
        first = false;
        AppendJson(out, item, depth + 1);
      }
      out.push_back(']');
      return;
    }
    case simdjson::dom::element_type::OBJECT: {
      out.push_back('{');
      for (const auto field : JsonObject(element.get_object().value_unsafe())) {
        if (!first) out.push_back(',');
        first = false;
        AppendJsonString(out, field.key);
        out.push_back(':');
        AppendJson(out, field.value, depth + 1);
      }
      out.push_back('}');
      return;
    }
    case simdjson::dom::element_type::INT64:
      Append(out, element.get_int64().value_unsafe());
      return;
    case simdjson::dom::element_type::UINT64:
      Append(out, element.get_uint64().value_unsafe());
      return;
    case simdjson::dom::element_type::DOUBLE:
      AppendJsonDouble(out, element.get_double().value_unsafe());
      return;
    case simdjson::dom::element_type::STRING:
      AppendJsonString(out, element.get_string().value_unsafe());
      return;
    case simdjson::dom::element_type::BOOL:
      out.append(element.get_bool().value_unsafe() ? "true" : "false");
      return;
    default:
      out.append("null");
  }
}

Value JsonToValue(JsonElement element, Arena& arena, std::string& scratch) {
  switch (element.type()) {
    case simdjson::dom::element_type::STRING:
      return Value::String(element.get_string().value_unsafe());
    case simdjson::dom::element_type::INT64:
      return Value::Int(element.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64:  // over 2^63: kept whole as text
      return Value::String(arena.Copy(Concat(element.get_uint64().value_unsafe())));
    case simdjson::dom::element_type::DOUBLE:
      return Value::Double(element.get_double().value_unsafe());
    case simdjson::dom::element_type::BOOL:
      return Value::Bool(element.get_bool().value_unsafe());
    case simdjson::dom::element_type::NULL_VALUE:
      return Value();
    default:
      scratch.clear();
      AppendJson(scratch, element);
      return Value::Json(arena.Copy(scratch));
  }
}

}  // namespace spanlog::stores
