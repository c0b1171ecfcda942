#include "genai/parts.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "base/text.h"
#include "genai/absent.h"
#include "genai/media.h"

namespace spanlog::genai {
namespace {

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The first member that is there and not null. Gemini's parts name all kinds and null the others.
const JsonValue* First(const JsonValue& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const JsonValue* value = object.Get(key);
    if (value != nullptr && value->type != JsonType::kNull) return value;
  }
  return nullptr;
}

const JsonValue* ObjectAt(const JsonValue& object, std::initializer_list<std::string_view> keys) {
  const JsonValue* value = First(object, keys);
  return value != nullptr && value->is_object() ? value : nullptr;
}

bool IsTrue(const JsonValue* value) {
  return value != nullptr && value->type == JsonType::kBool && value->boolean;
}

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
  return message.members.empty() ||
         First(message, {"role", "id", "tool_call_id", "index", "finish_reason", "tool_calls"}) !=
             nullptr;
}

// Vercel wraps results: {"type":"text","value":…}.
const JsonValue& Unwrapped(const JsonValue& result) {
  const JsonValue* value = result.Get("value");
  const bool wrapped = value != nullptr && result.members.size() <= 3 &&
                       IsOneOf(result.GetText("type"),
                               {"text", "json", "error-text", "error-json", "content"});
  return wrapped ? *value : result;
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

std::string_view PartReader::Text(const JsonValue* value) {
  return TextOf(value, sink_.arena());
}

Message& PartReader::Finish(Message& message, const Speaker& speaker) {
  message.name = speaker.name;
  if (speaker.direction == Direction::kOutput) {
    message.finish_reason = speaker.finish_reason;
    message.choice = speaker.choice;
  }
  return message;
}

void PartReader::MarkCut(Message& message, const JsonValue* value) {
  if (value == nullptr || message.status != MessageStatus::kFull || !document_.IsCut(*value)) {
    return;
  }
  message.status = value->is_string() ? MessageStatus::kCut : MessageStatus::kRepaired;
  message.hint = kCutHint;
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
    const std::optional<Role> role = message.Get("lc") != nullptr ? RoleOfClass(message)
                                                                  : ParseRole(type);
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
    for (const JsonValue& item : calls->items) ReadToolCall(item, speaker);
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
  Message& absent = sink_.AddAbsent(speaker.role, speaker.direction, MessageStatus::kOff,
                                    kCaptureOffHint);
  absent.tool.id = speaker.tool_id;
  absent.tool.name = speaker.tool_name;
  Finish(absent, speaker);
}

void PartReader::ReadContent(const JsonValue& content, const Speaker& speaker) {
  if (content.is_array() && speaker.role == Role::kTool) {
    // A tool's content is one result, unless its blocks name results of their own.
    const bool own = std::any_of(content.items.begin(), content.items.end(), [](auto& block) {
      return First(block, {"toolResult", "tool_use_id", "toolCallId", "function_response",
                           "functionResponse", "response", "result"}) != nullptr;
    });
    if (!own) {
      Message& result = sink_.AddToolResult(speaker.tool_name, speaker.tool_id,
                                            BlocksText(content, sink_.arena()), speaker.direction);
      MarkCut(Finish(result, speaker), &content);
      return;
    }
  }
  if (!content.is_array()) {
    ReadPart(content, speaker);
    return;
  }
  for (const JsonValue& part : content.items) {
    const JsonValue* text = part.is_string() ? &part : part.Get("text");
    const bool is_blank = text != nullptr && text->is_string() && text->text.empty();
    if (is_blank && content.items.size() > 1) continue;
    ReadPart(part, speaker);
  }
}

void PartReader::ReadPart(const JsonValue& part, const Speaker& speaker) {
  if (!part.is_object()) {
    if (part.type == JsonType::kNull) return;
    AddText(part, PartKind::kText, speaker);
    return;
  }
  const std::string_view type = part.GetText("type");
  if (!type.empty() && ReadTypedPart(type, part, speaker)) return;
  if (ReadKeyedPart(part, speaker)) return;
  // A part that the cut left without its content says nothing.
  if (document_.IsCut(part)) return;
  AddText(part, PartKind::kText, speaker);
}

bool PartReader::ReadReasoning(const JsonValue& part, const Speaker& speaker) {
  const JsonValue* thought = First(part, {"content", "thinking", "text", "reasoning", "summary",
                                          "reasoningText", "reasoning_text"});
  if (thought == nullptr) return false;
  if (thought->is_object()) thought = First(*thought, {"text", "content"});
  if (thought == nullptr) return false;
  if (thought->is_array()) {
    for (const JsonValue& item : thought->items) {
      const JsonValue* text = item.is_object() ? First(item, {"text", "content"}) : &item;
      if (text != nullptr) AddText(*text, PartKind::kReasoning, speaker);
    }
    return true;
  }
  AddText(*thought, PartKind::kReasoning, speaker);
  return true;
}

bool PartReader::ReadTypedPart(std::string_view type, const JsonValue& part,
                               const Speaker& speaker) {
  if (IsOneOf(type, {"text", "input_text", "output_text", "refusal", "compaction"})) {
    const JsonValue* text = First(part, {"content", "text", "refusal"});
    if (text != nullptr && text->is_object()) text = First(*text, {"value", "text"});
    if (text == nullptr) return false;
    AddText(*text, PartKind::kText, speaker);
    return true;
  }
  if (IsOneOf(type, {"reasoning", "thinking", "reasoning_text", "summary_text"})) {
    return ReadReasoning(part, speaker);
  }
  if (type == "redacted_thinking") {
    Message& absent = sink_.AddAbsent(Role::kAssistant, speaker.direction,
                                      MessageStatus::kRedacted,
                                      "The provider encrypted this part of the reasoning.");
    Finish(absent, speaker).kind = PartKind::kReasoning;
    return true;
  }
  if (IsOneOf(type, {"tool_call", "tool_use", "tool-call", "function", "function_call", "custom",
                     "custom_tool_call", "server_tool_call", "server_tool_use", "mcp_tool_use",
                     "mcp_call"})) {
    ReadToolCall(part, speaker);
    return true;
  }
  if (IsOneOf(type, {"tool_call_response", "server_tool_call_response"})) {
    AddResult(part, First(part, {"response", "result", "content", "server_tool_call_response"}),
              false, speaker);
    return true;
  }
  if (IsOneOf(type, {"tool_result", "tool-result", "function_call_output", "mcp_tool_result",
                     "custom_tool_call_output"}) ||
      EndsWith(type, "_tool_result")) {
    AddResult(part, First(part, {"content", "output", "result", "response"}), true, speaker);
    return true;
  }
  if (type == "message") {
    ReadMessage(part, speaker);
    return true;
  }
  if (IsOneOf(type, {"image", "image_url", "input_image"})) {
    AddMedia(part, "image", speaker);
  } else if (IsOneOf(type, {"audio", "input_audio", "output_audio"})) {
    AddMedia(part, "audio", speaker);
  } else if (type == "video" || type == "video_url") {
    AddMedia(part, "video", speaker);
  } else if (type == "document") {
    AddMedia(part, "document", speaker);
  } else if (IsOneOf(type, {"blob", "uri", "file", "input_file", "file_data", "media"})) {
    AddMedia(part, {}, speaker);
  } else {
    return false;
  }
  return true;
}

// Gemini and Bedrock name the kind by the key; a cut may have taken an OpenTelemetry part's type.
bool PartReader::ReadKeyedPart(const JsonValue& part, const Speaker& speaker) {
  if (const JsonValue* call = ObjectAt(part, {"function_call", "functionCall", "toolUse"})) {
    ReadToolCall(*call, speaker);
    return true;
  }
  if (const JsonValue* result =
          ObjectAt(part, {"function_response", "functionResponse", "toolResult"})) {
    const bool blocks = part.Get("toolResult") != nullptr;
    AddResult(*result, First(*result, {"response", "content", "result"}), blocks, speaker);
    return true;
  }
  if (const JsonValue* reasoning = ObjectAt(part, {"reasoningContent"})) {
    if (ReadReasoning(*reasoning, speaker)) return true;
    Message& absent = sink_.AddAbsent(Role::kAssistant, speaker.direction,
                                      MessageStatus::kRedacted,
                                      "The provider encrypted this part of the reasoning.");
    Finish(absent, speaker).kind = PartKind::kReasoning;
    return true;
  }
  if (const JsonValue* code = ObjectAt(part, {"executable_code", "executableCode"})) {
    Finish(sink_.AddToolCall("code_execution", {}, Text(code), speaker.direction), speaker);
    return true;
  }
  if (const JsonValue* output = ObjectAt(part, {"code_execution_result", "codeExecutionResult"})) {
    const JsonValue* text = First(*output, {"output"});
    Finish(sink_.AddToolResult("code_execution", {}, Text(text != nullptr ? text : output),
                               speaker.direction),
           speaker);
    return true;
  }
  if (ObjectAt(part, {"inline_data", "inlineData", "file_data", "fileData"}) != nullptr) {
    AddMedia(part, {}, speaker);
    return true;
  }
  for (const std::string_view modality : {"image", "document", "video", "audio"}) {
    if (ObjectAt(part, {modality}) == nullptr) continue;
    AddMedia(part, modality, speaker);
    return true;
  }
  if (!part.GetText("type").empty()) return false;
  const JsonValue* text = First(part, {"text", "content"});
  // OpenAI's threads wrap it: {"text":{"value":…}}.
  if (text != nullptr && text->is_object()) text = First(*text, {"value"});
  if (text != nullptr && text->is_string()) {
    AddText(*text, IsTrue(part.Get("thought")) ? PartKind::kReasoning : PartKind::kText, speaker);
    return true;
  }
  if (First(part, {"arguments", "toolName"}) != nullptr) {
    ReadToolCall(part, speaker);
    return true;
  }
  if (const JsonValue* result = First(part, {"response", "result"})) {
    AddResult(part, result, false, speaker);
    return true;
  }
  return false;
}

void PartReader::ReadToolCall(const JsonValue& call, const Speaker& speaker) {
  const JsonValue* inner = ObjectAt(call, {"function", "custom"});
  const JsonValue& body = inner != nullptr ? *inner : call;
  const JsonValue* name = First(body, {"name", "toolName", "tool_name"});
  const JsonValue* id = First(call, {"call_id", "id", "toolCallId", "tool_call_id", "toolUseId",
                                     "tool_use_id"});
  const JsonValue* arguments = First(body, {"arguments", "args", "input", "parameters",
                                            "server_tool_call"});
  Message& message =
      sink_.AddToolCall(Text(name), Text(id), Text(arguments), speaker.direction);
  Finish(message, speaker);
  MarkCut(message, arguments);
  MarkCut(message, name);
  MarkCut(message, id);
  // OpenAI's arguments are always there, if only as "{}": what is missing was not captured.
  if (inner != nullptr && arguments == nullptr && !document_.IsCut(body)) {
    message.status = MessageStatus::kOff;
    message.hint = kCaptureOffHint;
  }
}

void PartReader::AddText(const JsonValue& text, PartKind kind, const Speaker& speaker) {
  if (kind == PartKind::kText && speaker.role == Role::kTool) {
    Message& result = sink_.AddToolResult(speaker.tool_name, speaker.tool_id, Text(&text),
                                          speaker.direction);
    MarkCut(Finish(result, speaker), &text);
    return;
  }
  const Role role = kind == PartKind::kReasoning ? Role::kAssistant : speaker.role;
  MarkCut(Finish(sink_.Add(role, kind, speaker.direction, Text(&text)), speaker), &text);
}

void PartReader::AddResult(const JsonValue& part, const JsonValue* result, bool blocks,
                           const Speaker& speaker) {
  const JsonValue* id = First(part, {"tool_call_id", "call_id", "toolCallId", "tool_use_id",
                                     "toolUseId", "id"});
  const JsonValue* name = First(part, {"name", "toolName", "tool_name"});
  const JsonValue* value = result != nullptr ? &Unwrapped(*result) : nullptr;
  const std::string_view text = value == nullptr ? std::string_view()
                                : blocks         ? BlocksText(*value, sink_.arena())
                                                 : Text(value);
  Message& message = sink_.AddToolResult(
      name != nullptr ? name->text : speaker.tool_name, id != nullptr ? id->text : speaker.tool_id,
      text, speaker.direction);
  Finish(message, speaker);
  MarkCut(message, value);
  const bool returned_null = std::any_of(
      part.members.begin(), part.members.end(), [](const JsonMember& member) {
        return IsOneOf(member.key, {"response", "result", "content", "output"});
      });
  if (result == nullptr && !returned_null && !document_.IsCut(part)) {
    message.status = MessageStatus::kOff;
    message.hint = kCaptureOffHint;
  }
}

void PartReader::AddMedia(const JsonValue& part, std::string_view modality,
                          const Speaker& speaker) {
  Message& message = sink_.Add(speaker.role, PartKind::kMedia, speaker.direction,
                               MediaText(part, modality, sink_.arena()));
  MarkCut(Finish(message, speaker), &part);
}

}  // namespace spanlog::genai
