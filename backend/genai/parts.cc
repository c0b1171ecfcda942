#include "genai/parts.h"

#include <string>

#include "base/text.h"
#include "genai/absent.h"
#include "genai/json_find.h"

namespace spanlog::genai {
namespace {

// Role of a LangChain message: "HumanMessage", "AIMessageChunk", ….
std::optional<Role> RoleOfClass(const JsonValue& message) {
  const JsonValue* id = message.Get("id");
  if (id == nullptr || !id->is_array() || id->items.empty()) return std::nullopt;
  const std::string_view name = id->items.back().text;
  for (const auto& [prefix, role] : {std::pair<std::string_view, Role>{"System", Role::kSystem},
                                     {"Human", Role::kUser},
                                     {"AI", Role::kAssistant},
                                     {"Tool", Role::kTool},
                                     {"Function", Role::kTool}}) {
    if (StartsWith(name, prefix)) return role;
  }
  return std::nullopt;
}

// A message whose content was not captured keeps only names, ids and reasons.
bool IsBareMessage(const JsonValue& message) {
  return message.members.empty() || First(message, {"role", "id", "tool_call_id", "index",
                                                    "finish_reason", "tool_calls"}) != nullptr;
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
    const JsonValue* text = block.is_string() ? &block : block.Get("text");
    const std::string_view type = block.GetText("type");
    if (text == nullptr || !text->is_string() || (!type.empty() && type != "text")) {
      const JsonValue* json = value.items.size() == 1 ? block.Get("json") : nullptr;
      return TextOf(json != nullptr ? json : &value, arena);
    }
    if (value.items.size() == 1) return text->text;
    if (!joined.empty()) joined += '\n';
    joined += text->text;
  }
  return arena.Own(std::move(joined));
}

std::string_view FinishReasonOf(std::string_view text) {
  const size_t dot = text.rfind('.');
  return dot == std::string_view::npos ? text : text.substr(dot + 1);
}

bool ReadMessageText(std::string_view json, Direction direction, Sink& sink) {
  const std::optional<ParsedJson> parsed = ParseJson(json, sink.arena());
  if (!parsed) return false;
  PartReader(*parsed, sink).ReadMessages(parsed->root, direction);
  return true;
}

void PartReader::ReadMessages(const JsonValue& list, Direction direction) {
  Speaker speaker;
  speaker.direction = direction;
  speaker.role = direction == Direction::kInput ? Role::kUser : Role::kAssistant;
  if (!list.is_array()) {
    const JsonValue* inner = list.is_object() && list.Get("role") == nullptr
                                 ? First(list, {"messages", "choices", "candidates"})
                                 : nullptr;
    if (inner != nullptr && inner->is_array()) {
      ReadMessages(*inner, direction);
    } else {
      ReadMessage(list, speaker);
    }
    return;
  }
  bool are_choices = direction == Direction::kOutput && list.items.size() > 1;
  for (const JsonValue& message : list.items) {
    if (message.is_array()) are_choices = false;
    const std::optional<Role> role = ParseRole(message.GetText("role"));
    if (role && *role != Role::kAssistant) are_choices = false;
  }
  for (size_t i = 0; i < list.items.size(); ++i) {
    if (list.items[i].is_array()) {
      ReadMessages(list.items[i], direction);
      continue;
    }
    if (are_choices) speaker.choice = static_cast<int>(i);
    ReadMessage(list.items[i], speaker);
  }
}

void PartReader::ReadMessage(const JsonValue& message, Speaker speaker) {
  if (message.is_string() && ReadMessageInText(message.text, speaker)) return;
  if (!message.is_object()) {
    ReadContent(message, speaker);
    return;
  }
  if (const std::optional<Role> role = ParseRole(message.GetText("role"))) speaker.role = *role;
  if (const JsonValue* finish = First(message, {"finish_reason", "finishReason", "stop_reason"})) {
    if (finish->is_string()) speaker.finish_reason = FinishReasonOf(finish->text);
  }
  const std::string_view type = message.GetText("type");
  // LangChain: the message is wrapped, its class or type is its role.
  if (const JsonValue* inner = ObjectAt(message, {"kwargs", "data"})) {
    const std::optional<Role> role =
        message.Get("lc") != nullptr ? RoleOfClass(message) : ParseRole(type);
    if (role) {
      speaker.role = *role;
      ReadMessage(*inner, speaker);
      return;
    }
  }
  if (message.Get("role") == nullptr) {
    if (const std::optional<Role> role = ParseRole(type)) {
      speaker.role = *role;
    } else if (!type.empty() && type != "message" && message.Get("parts") == nullptr) {
      ReadPart(message, speaker);
      return;
    }
  }
  if (speaker.role == Role::kTool) {
    speaker.tool_id = Text(First(message, {"tool_call_id", "toolCallId", "id", "call_id"}));
    speaker.tool_name = message.GetText("name");
  } else if (const std::string_view name = message.GetText("name"); !name.empty()) {
    speaker.name = name;
  }
  ReadBody(message, speaker);
}

// Attributes cannot hold lists of maps, so some emitters send a list of JSON texts.
bool PartReader::ReadMessageInText(std::string_view text, const Speaker& speaker) {
  if (text.empty() || text.front() != '{') return false;
  const std::optional<ParsedJson> parsed = ParseJson(text, sink_.arena());
  if (!parsed || First(parsed->root, {"role", "parts"}) == nullptr) return false;
  PartReader(*parsed, sink_).ReadMessage(parsed->root, speaker);
  return true;
}

// What a message consists of once it is known who speaks.
void PartReader::ReadBody(const JsonValue& message, const Speaker& speaker) {
  const size_t before = sink_.carrier_messages();
  // A choice: the message is inside, tool calls beside it or in it.
  if (const JsonValue* inner = ObjectAt(message, {"message"})) {
    Speaker chosen = speaker;
    if (const JsonValue* index = message.Get("index");
        index != nullptr && index->type == JsonType::kNumber && index->number > 0) {
      chosen.choice = static_cast<int>(index->number);
    }
    const JsonValue* calls = First(message, {"tool_calls"});
    const bool has_more = calls != nullptr && inner->Get("tool_calls") == nullptr;
    if (!has_more || First(*inner, {"content", "parts"}) != nullptr) ReadMessage(*inner, chosen);
    if (has_more) {
      for (const JsonValue& call : calls->items) ReadToolCall(call, chosen);
    }
    return;
  }
  const JsonValue* parts = First(message, {"parts"});
  if (parts != nullptr && parts->is_array()) {
    for (const JsonValue& part : parts->items) ReadPart(part, speaker);
    if (parts->items.empty() && !speaker.finish_reason.empty()) {
      Finish(sink_.Add(speaker.role, PartKind::kText, speaker.direction, {}), speaker);
    }
    return;
  }
  if (const JsonValue* thought = First(message, {"reasoning_content", "reasoning", "thinking"});
      thought != nullptr && thought->is_string() && !thought->text.empty()) {
    AddText(*thought, PartKind::kReasoning, speaker);
  }
  const JsonValue* content = First(message, {"content", "contents"});
  const JsonValue* calls = First(message, {"tool_calls", "toolCalls", "toolInvocations"});
  const JsonValue* call = ObjectAt(message, {"function_call"});
  const JsonValue* refusal = First(message, {"refusal"});
  const JsonValue* audio = ObjectAt(message, {"audio"});
  const bool has_calls = (calls != nullptr && !calls->items.empty()) || call != nullptr;
  const bool is_blank = content != nullptr && content->is_string() && content->text.empty();
  if (content != nullptr && content->is_object() && content->Get("parts") != nullptr) {
    ReadMessage(*content, speaker);
  } else if (content != nullptr && !(is_blank && has_calls)) {
    ReadContent(*content, speaker);
  } else if (content == nullptr && message.Get("text") != nullptr) {
    AddText(*message.Get("text"), PartKind::kText, speaker);
  }
  if (refusal != nullptr && refusal->is_string()) AddText(*refusal, PartKind::kText, speaker);
  if (audio != nullptr) AddMedia(*audio, "audio", speaker);
  if (calls != nullptr) {
    for (const JsonValue& item : calls->items) {
      // Some list their calls both as parts and beside them.
      const std::string_view id = item.GetText("id");
      if (!sink_.HasToolCall(id, before)) ReadToolCall(item, speaker);
    }
  }
  if (call != nullptr) ReadToolCall(*call, speaker);
  if (sink_.carrier_messages() != before || content != nullptr) return;
  if (document_.health == JsonHealth::kRepaired && document_.IsCut(message)) return;
  if (message.Get("content") != nullptr) {
    // null: the model said nothing, or what it said was filtered.
    AddText(*message.Get("content"), PartKind::kText, speaker);
    return;
  }
  if (!IsBareMessage(message)) {
    AddText(message, PartKind::kText, speaker);
    return;
  }
  Message& absent =
      sink_.AddAbsent(speaker.role, speaker.direction, MessageStatus::kOff, kCaptureOffHint);
  absent.tool.id = speaker.tool_id;
  absent.tool.name = speaker.tool_name;
  Finish(absent, speaker);
}

}  // namespace spanlog::genai
