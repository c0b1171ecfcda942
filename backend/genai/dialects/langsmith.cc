// The JSON is a run's inputs or outputs: {"messages": […]}, {"input": …}, {"output": …},
// {"generations": [[{"text":…,"message":…}]]} (LangChain), OpenAI's request or answer.
#include "genai/dialects/langsmith.h"

#include "genai/dialects/take.h"
#include "genai/run_json.h"
#include "genai/tool_values.h"

namespace spanlog::genai {
namespace {

bool IsLangSmith(const Fields& fields) {
  return fields.Has("langsmith.span.kind") || fields.Has("langsmith.trace.name") ||
         fields.Has("langsmith.trace.session_id") || fields.Has("langsmith.trace.session_name");
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  if (!IsLangSmith(fields)) return false;
  const std::string_view kind = fields.Text("langsmith.span.kind");
  const std::string_view input = fields.AnyText("gen_ai.prompt", sink.arena());
  const std::string_view output = fields.AnyText("gen_ai.completion", sink.arena());
  const std::string_view name = carrier.span.name;
  if (kind == "tool") {
    if (!input.empty()) {
      sink.AddToolCall(name, {}, ToolInput(input, sink.arena()), Direction::kInput).role =
          Role::kTool;
    }
    if (!output.empty()) AddToolOutput(name, {}, output, sink);
    return true;
  }
  ReadRun(input, Role::kUser, Direction::kInput, true, sink);
  if (kind == "retriever") {
    if (!output.empty()) AddToolOutput(name, {}, output, sink);
  } else {
    ReadRun(output, Role::kAssistant, Direction::kOutput, true, sink);
  }
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
  TakeText(fields,
           {"langsmith.metadata.session_id", "langsmith.metadata.thread_id",
            "langsmith.metadata.conversation_id"},
           usage.conversation_id);
}

}  // namespace

const Dialect kLangSmith = {"LangSmith", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
