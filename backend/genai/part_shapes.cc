// The parts of one message, whatever shape they have.
#include <algorithm>
#include <string>

#include "base/text.h"
#include "genai/absent.h"
#include "genai/json_find.h"
#include "genai/media.h"
#include "genai/parts.h"
#include "genai/tool_failure.h"

namespace spanlog::genai {
namespace {

bool IsTrue(const JsonValue* value) {
  return value != nullptr && value->type == JsonType::kBool && value->boolean;
}

// A part that names its type and nothing else: its content was not captured.
bool IsBare(const JsonValue& part) { return part.members.size() == 1; }

// A tool's own objects have members such as "result" and "id" as well.
bool IsNamedResult(const JsonValue& block) {
  return First(block, {"toolResult", "tool_use_id", "toolCallId", "function_response",
                       "functionResponse"}) != nullptr ||
         IsOneOf(block.GetText("type"), {"tool_call_response", "server_tool_call_response"});
}

bool IsTypedPart(const JsonValue& value) { return !value.GetText("type").empty() && IsPart(value); }

}  // namespace

std::string_view PartReader::Text(const JsonValue* value) { return TextOf(value, sink_.arena()); }

Message& PartReader::Finish(Message& message, const Speaker& speaker) {
  message.name = speaker.name;
  message.failed = speaker.failed && message.kind == PartKind::kToolResult;
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

void PartReader::ReadContent(const JsonValue& content, const Speaker& speaker) {
  if (speaker.role == Role::kTool && (content.is_array() || content.is_object())) {
    // A tool's content is one result, unless its blocks name results of their own.
    const bool names_results =
        content.is_array() ? std::any_of(content.items.begin(), content.items.end(), IsNamedResult)
                           : IsNamedResult(content) || IsTypedPart(content);
    if (!names_results) {
      AddWholeResult(content, speaker);
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
    if (is_blank && content.items.size() > 1 && !document_.IsCut(part)) continue;
    ReadPart(part, speaker);
  }
}

void PartReader::ReadPart(const JsonValue& part, const Speaker& speaker) {
  if (!part.is_object()) {
    if (part.type == JsonType::kNull) return;
    AddText(part, PartKind::kText, speaker);
    return;
  }
  const JsonValue* type = part.Get("type");
  // A type that was cut is another word.
  const bool is_typed =
      type != nullptr && type->is_string() && !type->text.empty() && !document_.IsCut(*type);
  if (is_typed && ReadTypedPart(type->text, part, speaker)) return;
  // Pydantic AI's first format calls the type a kind.
  const std::string_view kind = is_typed ? std::string_view() : part.GetText("kind");
  if (!kind.empty() && ReadTypedPart(kind, part, speaker)) return;
  if (!is_typed && part.Get("parts") != nullptr && part.Get("parts")->is_array()) {
    ReadMessage(part, speaker);
    return;
  }
  if (ReadKeyedPart(part, is_typed, speaker)) return;
  // A part that the cut left without its content says nothing.
  if (document_.IsCut(part)) return;
  AddText(part, PartKind::kText, speaker);
}

bool PartReader::ReadReasoning(const JsonValue& part, const Speaker& speaker) {
  const JsonValue* thought = nullptr;
  for (const std::string_view key :
       {"content", "thinking", "text", "reasoning", "summary", "reasoningText", "reasoning_text"}) {
    const JsonValue* value = First(part, {key});
    if (value == nullptr || (value->is_array() && value->items.empty())) continue;
    thought = value;
    break;
  }
  if (thought == nullptr) {
    if (First(part, {"encrypted_content"}) != nullptr) AddEncrypted(speaker);
    return First(part, {"encrypted_content", "summary"}) != nullptr;
  }
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

void PartReader::AddEncrypted(const Speaker& speaker) {
  Message& absent = sink_.AddAbsent(Role::kAssistant, speaker.direction, MessageStatus::kRedacted,
                                    kEncryptedHint);
  Finish(absent, speaker).kind = PartKind::kReasoning;
}

bool PartReader::ReadTypedPart(std::string_view type, const JsonValue& part,
                               const Speaker& speaker) {
  if (IsOneOf(type, {"text", "input_text", "output_text", "refusal", "compaction"})) {
    const JsonValue* text = First(part, {"content", "text", "refusal"});
    if (text != nullptr && text->is_object()) text = First(*text, {"value", "text"});
    if (text == nullptr) return IsBare(part) && AddAbsent(part, PartKind::kText, speaker);
    AddText(*text, PartKind::kText, speaker);
    return true;
  }
  if (IsOneOf(type, {"reasoning", "thinking", "reasoning_text", "summary_text"})) {
    return ReadReasoning(part, speaker) ||
           (IsBare(part) && AddAbsent(part, PartKind::kReasoning, speaker));
  }
  if (IsOneOf(type, {"redacted_thinking", "redacted-reasoning"})) {
    AddEncrypted(speaker);
    return true;
  }
  if (IsOneOf(type, {"tool_call", "tool_use", "tool-call", "function", "function_call", "custom",
                     "custom_tool_call", "server_tool_call", "server_tool_use", "mcp_tool_use"})) {
    ReadToolCall(part, speaker);
    return true;
  }
  if (type == "mcp_call") {
    ReadInvocation(part, speaker);
    return true;
  }
  if (IsOneOf(type, {"tool_call_response", "server_tool_call_response"})) {
    AddResult(part, First(part, {"response", "result", "content", "server_tool_call_response"}),
              speaker);
    return true;
  }
  if (IsOneOf(type, {"tool_result", "tool-result", "function_call_output", "mcp_tool_result",
                     "custom_tool_call_output", "tool-error"}) ||
      EndsWith(type, "_tool_result")) {
    AddResult(part, First(part, {"content", "output", "result", "response", "error"}), speaker);
    return true;
  }
  if (type == "message") {
    ReadMessage(part, speaker);
    return true;
  }
  if (IsOneOf(type, {"image", "image_url", "input_image", "image-url"})) {
    AddMedia(part, "image", speaker);
  } else if (IsOneOf(type, {"audio", "input_audio", "output_audio", "audio-url"})) {
    AddMedia(part, "audio", speaker);
  } else if (IsOneOf(type, {"video", "video_url", "video-url"})) {
    AddMedia(part, "video", speaker);
  } else if (type == "document" || type == "document-url") {
    AddMedia(part, "document", speaker);
  } else if (IsOneOf(type, {"blob", "uri", "file", "input_file", "file_data", "media", "binary"})) {
    AddMedia(part, {}, speaker);
  } else {
    return ReadUiPart(type, part, speaker);
  }
  return true;
}

// Gemini and Bedrock name the kind by the key; a cut may have taken an OpenTelemetry part's type.
bool PartReader::ReadKeyedPart(const JsonValue& part, bool is_typed, const Speaker& speaker) {
  if (const JsonValue* call = ObjectAt(part, {"function_call", "functionCall", "toolUse"})) {
    ReadToolCall(*call, speaker);
    return true;
  }
  if (const JsonValue* result =
          ObjectAt(part, {"function_response", "functionResponse", "toolResult"})) {
    AddResult(*result, First(*result, {"response", "content", "result"}), speaker);
    return true;
  }
  if (const JsonValue* reasoning = ObjectAt(part, {"reasoningContent"})) {
    if (!ReadReasoning(*reasoning, speaker)) AddEncrypted(speaker);
    return true;
  }
  if (const JsonValue* code = ObjectAt(part, {"executable_code", "executableCode"})) {
    Finish(sink_.AddToolCall("code_execution", {}, Text(code), speaker.direction), speaker);
    return true;
  }
  if (const JsonValue* output = ObjectAt(part, {"code_execution_result", "codeExecutionResult"})) {
    const JsonValue* text = First(*output, {"output"});
    Message& result = sink_.AddToolResult("code_execution", {},
                                          Text(text != nullptr ? text : output), speaker.direction);
    Finish(result, speaker).failed |= SaysFailed(*output);
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
  if (is_typed) return false;
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
    AddResult(part, result, speaker);
    return true;
  }
  return false;
}

void PartReader::AddText(const JsonValue& text, PartKind kind, const Speaker& speaker) {
  if (kind == PartKind::kText && speaker.role == Role::kTool) {
    Message& result =
        sink_.AddToolResult(speaker.tool_name, speaker.tool_id, Text(&text), speaker.direction);
    MarkCut(Finish(result, speaker), &text);
    return;
  }
  const Role role = kind == PartKind::kReasoning ? Role::kAssistant : speaker.role;
  MarkCut(Finish(sink_.Add(role, kind, speaker.direction, Text(&text)), speaker), &text);
}

bool PartReader::AddAbsent(const JsonValue& part, PartKind kind, const Speaker& speaker) {
  if (document_.IsCut(part)) return true;
  const Role role = kind == PartKind::kReasoning ? Role::kAssistant : speaker.role;
  Message& absent = sink_.AddAbsent(role, speaker.direction, MessageStatus::kOff, kCaptureOffHint);
  if (kind == PartKind::kReasoning) absent.kind = kind;
  Finish(absent, speaker);
  return true;
}

void PartReader::AddMedia(const JsonValue& part, std::string_view modality,
                          const Speaker& speaker) {
  Message& message = sink_.Add(speaker.role, PartKind::kMedia, speaker.direction,
                               MediaText(part, modality, sink_.arena()));
  MarkCut(Finish(message, speaker), &part);
}

}  // namespace spanlog::genai
