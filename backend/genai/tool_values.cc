#include "genai/tool_values.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "genai/json_find.h"
#include "genai/parts.h"
#include "genai/tool_failure.h"

namespace spanlog::genai {
namespace {

bool HasOnly(const JsonValue& object, std::initializer_list<std::string_view> keys) {
  return !object.members.empty() &&
         std::all_of(object.members.begin(), object.members.end(),
                     [&](const JsonMember& member) { return IsOneOf(member.key, keys); });
}

bool IsEmpty(const JsonValue* value) {
  return value == nullptr || value->type == JsonType::kNull ||
         (value->items.empty() && value->members.empty() && !value->is_string());
}

// A value in a wrapping: JSON as it was sent, a text that is JSON in Python's spelling as JSON.
std::string_view Inner(const JsonValue& value, Arena& arena) {
  return value.is_string() ? ToolInput(value.text, arena) : value.text;
}

// LangChain's tool message: {"content": …, "tool_call_id": …}, in "kwargs" or "data" of its class.
const JsonValue* ToolMessage(const JsonValue& value) {
  if (!value.is_object()) return nullptr;
  if (const JsonValue* inner = ObjectAt(value, {"kwargs", "data"});
      inner != nullptr && inner->Get("tool_call_id") != nullptr) {
    return ToolMessage(*inner);
  }
  const bool is_one = value.Get("content") != nullptr && value.Get("tool_call_id") != nullptr;
  return is_one ? &value : nullptr;
}

}  // namespace

std::string_view ToolInput(std::string_view text, Arena& arena) {
  const std::optional<ParsedJson> parsed = ParseJson(text, arena);
  if (!parsed || parsed->health == JsonHealth::kRepaired) return text;
  const JsonValue& root = parsed->root;
  if (root.is_object() && HasOnly(root, {"args", "kwargs", "sanitize_inputs_outputs"})) {
    const JsonValue* args = root.Get("args");
    const JsonValue* kwargs = root.Get("kwargs");
    if (IsEmpty(args) && !IsEmpty(kwargs)) return kwargs->text;
    if (IsEmpty(kwargs) && args != nullptr && args->items.size() == 1) {
      return Inner(args->items[0], arena);
    }
    return parsed->health == JsonHealth::kLenient ? root.text : text;
  }
  if (HasOnly(root, {"input_str", "inputs", "tags", "metadata", "kwargs"})) {
    const JsonValue* inputs = First(root, {"inputs", "input_str"});
    if (inputs != nullptr) return Inner(*inputs, arena);
  }
  if (root.members.size() == 1 && root.members[0].key == "input") {
    const JsonValue& input = root.members[0].value;
    // {"input": "a query"} may be the tool's own argument.
    if (input.is_object() || ParseJson(input.text, arena)) return Inner(input, arena);
  }
  return parsed->health == JsonHealth::kLenient ? root.text : text;
}

Message& AddToolOutput(std::string_view name, std::string_view id, std::string_view text,
                       Sink& sink) {
  Arena& arena = sink.arena();
  std::string_view readable = text;
  bool failed = false;
  const std::optional<ParsedJson> parsed = ParseJson(text, arena);
  if (parsed && parsed->health == JsonHealth::kClean) {
    const JsonValue* value = &parsed->root;
    const bool is_wrapped =
        HasOnly(*value, {"output", "kwargs"}) && value->Get("output") != nullptr;
    if (is_wrapped) value = value->Get("output");
    if (const JsonValue* message = ToolMessage(*value)) {
      if (id.empty()) id = message->GetText("tool_call_id");
      if (name.empty()) name = message->GetText("name");
      failed = SaysFailed(*message);
      value = message->Get("content");
    }
    failed = failed || IsFailure(*value);
    if (value != &parsed->root || value->is_array()) readable = BlocksText(*value, arena);
  } else {
    readable = UnquotedJson(text, arena);
  }
  Message& message = sink.AddToolResult(name, id, readable, Direction::kOutput);
  if (readable != text && !message.text.empty()) message.tool.result = text;
  message.failed = failed;
  return message;
}

}  // namespace spanlog::genai
