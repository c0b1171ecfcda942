#include "genai/parts.h"

#include <algorithm>

#include "base/text.h"
#include "genai/absent.h"
#include "genai/json_find.h"
#include "genai/tool_failure.h"

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

// No answer has more; a number above it is none.
constexpr double kMostChoices = 1e6;

// One of several answers. The items of an OpenAI response and LangChain's messages have types;
// they follow each other.
bool IsChoice(const JsonValue& message) {
  const std::string_view type = message.GetText("type");
  const bool has_type = !type.empty() && !EndsWith(type, "Generation");
  if (message.is_array() || has_type || message.Get("lc") != nullptr) return false;
  return ParseRole(message.GetText("role")).value_or(Role::kAssistant) == Role::kAssistant;
}

// Beside the content; LangChain has it one level down.
std::string_view FinishReasonIn(const JsonValue& message) {
  for (const std::string_view key :
       {"finish_reason", "finishReason", "stop_reason", "stopReason"}) {
    if (const std::string_view reason = message.GetText(key); !reason.empty()) return reason;
  }
  const JsonValue* details = ObjectAt(message, {"generation_info", "response_metadata"});
  return details != nullptr ? FinishReasonIn(*details) : std::string_view();
}

bool IsBlankText(const JsonValue& part) {
  if (part.is_string()) return part.text.empty();
  const std::string_view type = part.GetText("type");
  if (!part.is_object() || (!type.empty() && type != "text")) return false;
  const JsonValue* text = First(part, {"content", "text"});
  return text != nullptr && text->is_string() && text->text.empty();
}

// A message whose content was not captured keeps only names, ids and reasons.
bool IsBareMessage(const JsonValue& message) {
  return message.members.empty() || First(message, {"role", "id", "tool_call_id", "index",
                                                    "finish_reason", "tool_calls"}) != nullptr;
}

}  // namespace

bool ReadMessageText(std::string_view json, Direction direction, Sink& sink) {
  // Some write the JSON as a JSON string.
  const std::string_view text = UnquotedJson(json, sink.arena());
  const std::optional<ParsedJson> parsed = ParseJson(text, sink.arena());
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
  if (IsRoleAndText(list)) {
    speaker.role = *ParseRole(list.items[0].text);
    AddText(list.items[1], PartKind::kText, speaker);
    return;
  }
  const bool are_choices = direction == Direction::kOutput && list.items.size() > 1 &&
                           std::all_of(list.items.begin(), list.items.end(), IsChoice);
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
  // Vertex AI's tool messages say `user` in their bodies; the event's name knows better.
  const std::optional<Role> role_in_body = ParseRole(message.GetText("role"));
  if (role_in_body && speaker.role != Role::kTool) speaker.role = *role_in_body;
  if (const std::string_view finish = FinishReasonIn(message); !finish.empty()) {
    speaker.finish_reason = FinishReasonOf(finish);
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
    } else if (!type.empty() && !IsOneOf(type, {"message", "Generation"}) &&
               message.Get("parts") == nullptr && ObjectAt(message, {"message"}) == nullptr) {
      ReadPart(message, speaker);
      return;
    }
  }
  if (speaker.role == Role::kTool) {
    speaker.tool_id = Text(First(message, {"tool_call_id", "toolCallId", "id", "call_id"}));
    speaker.tool_name = message.GetText("name");
    // Without a content the message may be what the tool answered.
    const bool holds_result = First(message, {"content", "contents", "parts"}) != nullptr;
    speaker.failed = speaker.failed || (holds_result && SaysFailed(message));
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
        index != nullptr && index->type == JsonType::kNumber && index->number > 0 &&
        index->number < kMostChoices) {
      chosen.choice = static_cast<int>(index->number);
    }
    const JsonValue* calls = First(message, {"tool_calls"});
    const bool has_more =
        calls != nullptr && !calls->items.empty() && First(*inner, {"tool_calls"}) == nullptr;
    const JsonValue* said = First(*inner, {"content", "parts"});
    const bool is_blank = said == nullptr || (said->is_string() && said->text.empty());
    if (!has_more || !is_blank) ReadMessage(*inner, chosen);
    if (has_more) {
      for (const JsonValue& call : calls->items) ReadToolCall(call, chosen);
    }
    return;
  }
  const JsonValue* parts = First(message, {"parts"});
  if (parts != nullptr && parts->is_array()) {
    for (const JsonValue& part : parts->items) {
      // OpenLLMetry writes the empty text beside tool calls as a part.
      const bool is_filler = parts->items.size() > 1 && IsBlankText(part) && !document_.IsCut(part);
      if (!is_filler) ReadPart(part, speaker);
    }
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
      if (sink_.HasToolCall(id, before)) continue;
      if (calls == message.Get("toolInvocations")) {
        ReadInvocation(item, speaker);
      } else {
        ReadToolCall(item, speaker);
      }
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
