// Parts of a user interface's messages (Vercel AI SDK's UIMessage, versions 4 and later): a tool
// call and its result are one object. Spans of `generateText` and `streamText` carry them in
// `ai.prompt`.
#include "base/text.h"
#include "genai/json_find.h"
#include "genai/parts.h"

namespace spanlog::genai {

bool PartReader::ReadUiPart(std::string_view type, const JsonValue& part, const Speaker& speaker) {
  if (type == "step-start") return true;  // a line drawn between two model calls
  // Version 4: {"type":"tool-invocation","toolInvocation":{…}}.
  if (const JsonValue* invocation = ObjectAt(part, {"toolInvocation"})) {
    ReadInvocation(*invocation, speaker);
    return true;
  }
  // Since version 5 the tool's name is in the type: {"type":"tool-get_weather","toolCallId":…}.
  constexpr std::string_view kPrefix = "tool-";
  const bool is_dynamic = type == "dynamic-tool";
  if ((!is_dynamic && !StartsWith(type, kPrefix)) || part.Get("toolCallId") == nullptr)
    return false;
  Speaker named = speaker;
  if (!is_dynamic) named.tool_name = type.substr(kPrefix.size());
  ReadInvocation(part, named);
  return true;
}

void PartReader::ReadInvocation(const JsonValue& invocation, const Speaker& speaker) {
  ReadToolCall(invocation, speaker);
  const JsonValue* result = First(invocation, {"result", "output", "errorText", "error"});
  if (result != nullptr) AddResult(invocation, result, speaker);
}

}  // namespace spanlog::genai
