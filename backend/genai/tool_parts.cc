// Calls of tools and their results, whatever shape they have.
#include <algorithm>

#include "base/text.h"
#include "genai/absent.h"
#include "genai/json_find.h"
#include "genai/parts.h"
#include "genai/tool_failure.h"

namespace spanlog::genai {
namespace {

// Vercel wraps results: {"type":"text","value":…}.
const JsonValue& Unwrapped(const JsonValue& result) {
  const JsonValue* value = result.Get("value");
  const bool wrapped =
      value != nullptr && result.members.size() <= 3 &&
      IsOneOf(result.GetText("type"), {"text", "json", "error-text", "error-json", "content"});
  return wrapped ? *value : result;
}

}  // namespace

void PartReader::ReadToolCall(const JsonValue& call, const Speaker& speaker) {
  const JsonValue* inner = ObjectAt(call, {"function", "custom"});
  const JsonValue& body = inner != nullptr ? *inner : call;
  // OpenLLMetry's events call it function_name.
  const JsonValue* name = First(body, {"name", "toolName", "tool_name", "function_name"});
  const JsonValue* id =
      First(call, {"call_id", "id", "toolCallId", "tool_call_id", "toolUseId", "tool_use_id"});
  const JsonValue* arguments =
      First(body, {"arguments", "args", "input", "parameters", "server_tool_call"});
  Message& message = sink_.AddToolCall(name != nullptr ? Text(name) : speaker.tool_name, Text(id),
                                       Text(arguments), speaker.direction);
  Finish(message, speaker);
  MarkCut(message, arguments);
  MarkCut(message, name);
  MarkCut(message, id);
  if (arguments == nullptr) MarkCut(message, &body);
  // Azure's hosted tools: {"type":"code_interpreter","code_interpreter":{…}}.
  if (name == nullptr && arguments == nullptr && inner == nullptr) {
    const std::string_view hosted = call.GetText("type");
    if (const JsonValue* settings = hosted.empty() ? nullptr : call.Get(hosted)) {
      message.tool.name = hosted;
      message.tool.arguments = Text(settings);
    }
  }
  // OpenAI's arguments are always there, if only as "{}": what is missing was not captured.
  const bool is_openai = inner != nullptr || call.GetText("type") == "function";
  if (is_openai && arguments == nullptr && !document_.IsCut(body)) {
    message.status = MessageStatus::kOff;
    message.hint = kCaptureOffHint;
  }
}

void PartReader::AddWholeResult(const JsonValue& content, const Speaker& speaker) {
  const std::string_view text = BlocksText(content, sink_.arena());
  const std::string_view whole = Text(&content);
  Message& result =
      sink_.AddToolResult(speaker.tool_name, speaker.tool_id, text, speaker.direction);
  if (text != whole) result.tool.result = whole;
  MarkCut(Finish(result, speaker), &content);
}

void PartReader::AddResult(const JsonValue& part, const JsonValue* result, const Speaker& speaker) {
  const JsonValue* id =
      First(part, {"tool_call_id", "call_id", "toolCallId", "tool_use_id", "toolUseId", "id"});
  const JsonValue* name = First(part, {"name", "toolName", "tool_name"});
  const JsonValue* value = result != nullptr ? &Unwrapped(*result) : nullptr;
  const std::string_view text =
      value == nullptr ? std::string_view() : BlocksText(*value, sink_.arena());
  const std::string_view whole = Text(value);
  Message& message =
      sink_.AddToolResult(name != nullptr ? name->text : speaker.tool_name,
                          id != nullptr ? id->text : speaker.tool_id, text, speaker.direction);
  if (text != whole) message.tool.result = whole;
  Finish(message, speaker);
  message.failed |= SaysFailed(part) || (result != nullptr && IsFailure(*result));
  MarkCut(message, value);
  const bool returned_null =
      std::any_of(part.members.begin(), part.members.end(), [](const JsonMember& member) {
        return IsOneOf(member.key, {"response", "result", "content", "output"});
      });
  if (result != nullptr || returned_null) return;
  if (document_.IsCut(part)) {
    message.status = MessageStatus::kCut;
    message.hint = kCutHint;
  } else {
    message.status = MessageStatus::kOff;
    message.hint = kCaptureOffHint;
  }
}

}  // namespace spanlog::genai
