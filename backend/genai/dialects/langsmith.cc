// The JSON is a run's inputs or outputs: {"messages": […]}, {"input": …}, {"output": …},
// {"generations": [[{"text":…,"message":…}]]} (LangChain), OpenAI's request or answer.
#include "genai/dialects/langsmith.h"

#include "base/text.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

bool IsLangSmith(const Fields& fields) {
  return fields.Has("langsmith.span.kind") || fields.Has("langsmith.trace.name") ||
         fields.Has("langsmith.trace.session_id") || fields.Has("langsmith.trace.session_name");
}

// Looks through the wrappings for messages. Returns false when there are none.
bool ReadRun(const JsonValue& value, const ParsedJson& document, Direction direction, Sink& sink,
             int depth = 0) {
  if (depth > 8) return false;
  PartReader reader(document, sink);
  if (value.is_object()) {
    if (value.Get("role") != nullptr ||
        (value.Get("type") != nullptr && value.Get("content") != nullptr)) {
      reader.ReadMessages(value, direction);
      return true;
    }
    for (const std::string_view key :
         {"messages", "generations", "choices", "message", "inputs", "outputs", "input", "output"}) {
      const JsonValue* inner = value.Get(key);
      if (inner != nullptr && !inner->is_string() &&
          ReadRun(*inner, document, direction, sink, depth + 1)) {
        return true;
      }
    }
    return false;
  }
  if (!value.is_array()) return false;
  bool any = false;
  for (const JsonValue& item : value.items) {
    any |= ReadRun(item, document, direction, sink, depth + 1);
  }
  return any;
}

void ReadText(std::string_view text, Role role, Direction direction, Sink& sink) {
  if (text.empty()) return;
  const std::optional<ParsedJson> parsed = ParseJson(text, sink.arena());
  if (parsed && ReadRun(parsed->root, *parsed, direction, sink)) return;
  std::string_view words = text;
  if (parsed && parsed->root.is_object() && parsed->root.members.size() == 1 &&
      parsed->root.members[0].value.is_string()) {
    words = parsed->root.members[0].value.text;
  }
  sink.Add(role, PartKind::kText, direction, words);
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  if (!IsLangSmith(fields)) return false;
  const std::string_view input = fields.Text("gen_ai.prompt");
  const std::string_view output = fields.Text("gen_ai.completion");
  if (fields.Text("langsmith.span.kind") == "tool") {
    if (!input.empty()) {
      sink.AddToolCall(carrier.span.name, {}, input, Direction::kInput).role = Role::kTool;
    }
    if (!output.empty()) {
      sink.AddToolResult(carrier.span.name, {}, output, Direction::kOutput);
    }
    return true;
  }
  ReadText(input, Role::kUser, Direction::kInput, sink);
  ReadText(output, Role::kAssistant, Direction::kOutput, sink);
  return true;
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  const Fields& fields = carrier.fields;
  if (!IsLangSmith(fields)) return;
  const std::string_view kind = fields.Text("langsmith.span.kind");
  if (usage.kind == CallKind::kNone) {
    if (kind == "llm" || kind == "embedding") usage.kind = CallKind::kModel;
    if (kind == "tool") usage.kind = CallKind::kTool;
    if (kind == "chain" || kind == "agent") usage.kind = CallKind::kAgent;
  }
  if (usage.kind == CallKind::kTool && usage.tool_name.empty()) usage.tool_name = carrier.span.name;
  if (usage.conversation_id.empty()) {
    usage.conversation_id = fields.Text("langsmith.metadata.session_id");
  }
  if (usage.conversation_id.empty()) {
    usage.conversation_id = fields.Text("langsmith.metadata.thread_id");
  }
}

}  // namespace

const Dialect kLangSmith = {"LangSmith", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
