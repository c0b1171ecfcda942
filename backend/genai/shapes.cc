#include "genai/shapes.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "genai/json_find.h"

namespace spanlog::genai {
namespace {

// Bedrock and Gemini name a part by its key.
constexpr std::string_view kPartKeys[] = {"text",
                                          "thought",
                                          "thoughtSignature",
                                          "thought_signature",
                                          "image",
                                          "document",
                                          "video",
                                          "toolUse",
                                          "toolResult",
                                          "reasoningContent",
                                          "cachePoint",
                                          "guardContent",
                                          "functionCall",
                                          "function_call",
                                          "functionResponse",
                                          "function_response",
                                          "inlineData",
                                          "inline_data",
                                          "fileData",
                                          "file_data"};

constexpr std::string_view kPartTypes[] = {"text",
                                           "input_text",
                                           "output_text",
                                           "refusal",
                                           "image",
                                           "image_url",
                                           "input_image",
                                           "audio",
                                           "input_audio",
                                           "video",
                                           "document",
                                           "file",
                                           "input_file",
                                           "media",
                                           "blob",
                                           "uri",
                                           "thinking",
                                           "reasoning",
                                           "redacted_thinking",
                                           "tool_use",
                                           "tool_result",
                                           "tool_call",
                                           "tool_call_response",
                                           "server_tool_use",
                                           "tool-call",
                                           "tool-result",
                                           "mcp_tool_use"};

template <size_t kSize>
bool Has(const std::string_view (&words)[kSize], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// The text of {"type":"text","text":…} and of Bedrock's {"text":…}; null for everything else, also
// for a tool's own objects that happen to have a text.
const JsonValue* TextOfBlock(const JsonValue& block) {
  const std::string_view type = block.GetText("type");
  if (!IsOneOf(type, {"text", "input_text", "output_text"}) &&
      !(type.empty() && block.members.size() == 1)) {
    return nullptr;
  }
  const JsonValue* text = block.Get("text");
  return text != nullptr && text->is_string() ? text : nullptr;
}

}  // namespace

std::optional<Role> ParseRole(std::string_view word) {
  if (word.empty() || word.size() > 12) return std::nullopt;
  const std::string lower = ToLower(word);
  if (IsOneOf(lower, {"system", "developer"})) return Role::kSystem;
  if (IsOneOf(lower, {"user", "human"})) return Role::kUser;
  if (IsOneOf(lower, {"assistant", "model", "ai", "bot"})) return Role::kAssistant;
  if (IsOneOf(lower, {"tool", "function"})) return Role::kTool;
  return std::nullopt;
}

std::string_view TextOf(const JsonValue* value, Arena& arena) {
  if (value == nullptr || value->type == JsonType::kNull) return {};
  if (value->is_array() || value->is_object()) return UnescapeLetters(value->text, arena);
  return value->text;
}

std::string_view BlocksText(const JsonValue& value, Arena& arena) {
  if (!value.is_array() || value.items.empty()) return TextOf(&value, arena);
  std::string joined;
  for (const JsonValue& block : value.items) {
    const JsonValue* text = TextOfBlock(block);
    if (text == nullptr) {
      // Bedrock: [{"json": …}].
      const bool is_json = value.items.size() == 1 && block.members.size() == 1;
      const JsonValue* json = is_json ? block.Get("json") : nullptr;
      return TextOf(json != nullptr ? json : &value, arena);
    }
    if (value.items.size() == 1) return text->text;
    if (!joined.empty()) joined += '\n';
    joined += text->text;
  }
  return arena.Own(std::move(joined));
}

bool IsPart(const JsonValue& value) {
  if (!value.is_object() || value.members.empty()) return false;
  const std::string_view type = value.GetText("type");
  if (!type.empty()) return EndsWith(type, "_tool_result") || Has(kPartTypes, type);
  return std::all_of(value.members.begin(), value.members.end(),
                     [](const JsonMember& member) { return Has(kPartKeys, member.key); });
}

bool AreParts(const JsonValue& list) {
  bool any = false;
  for (const JsonValue& item : list.items) {
    if (IsPart(item)) {
      any = true;
    } else if (!item.is_string()) {
      return false;
    }
  }
  return any;
}

bool IsRoleAndText(const JsonValue& list) {
  return list.items.size() == 2 && list.items[0].is_string() && list.items[1].is_string() &&
         ParseRole(list.items[0].text).has_value();
}

std::string_view FinishReasonOf(std::string_view text) {
  const size_t dot = text.rfind('.');
  return dot == std::string_view::npos ? text : text.substr(dot + 1);
}

}  // namespace spanlog::genai
