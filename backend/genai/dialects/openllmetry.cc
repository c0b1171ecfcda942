// Old: gen_ai.prompt.N.*, gen_ai.completion.N.* (before 0.20 llm.prompts.N.*, llm.completions.N.*).
// New: OpenTelemetry's message attributes, read there. Workflow, task, agent and tool spans:
// traceloop.entity.input and .output, which the SDK cuts into invalid JSON (genai.md 1.d).
#include "genai/dialects/openllmetry.h"

#include <algorithm>

#include "base/text.h"
#include "genai/dialects/indexed.h"
#include "genai/dialects/openllmetry_message.h"
#include "genai/dialects/take.h"
#include "genai/json_find.h"
#include "genai/run_json.h"
#include "genai/tool_values.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kTool = "tool";

bool ReadList(const SpanCarrier& carrier, std::string_view prefix, Direction direction,
              Sink& sink) {
  if (!carrier.fields.HasPrefix(prefix)) return false;
  const auto messages = ByIndex(carrier.span.attributes, prefix);
  if (messages.empty()) {
    // LlamaIndex's dispatcher leaves the number out.
    IndexedFields only;
    for (const std::string_view key : {"role", "content", "finish_reason"}) {
      const std::string_view text = carrier.fields.Text(Concat(prefix, key));
      if (!text.empty()) only.push_back({key, Value::String(text)});
    }
    if (FindText(only, "content").empty()) return false;
    ReadOpenLlmetryMessage(only, direction, -1, false, sink);
    return true;
  }
  // Bedrock's instrumentation writes contents with json.dumps, texts too.
  const bool texts_are_json =
      Contains(carrier.trace.scope_of(carrier.span).name, "instrumentation.bedrock");
  const bool are_choices = direction == Direction::kOutput && messages.size() > 1 &&
                           std::none_of(messages.begin(), messages.end(), [](const auto& message) {
                             return IsThought(message.second);
                           });
  for (const auto& [index, message] : messages) {
    ReadOpenLlmetryMessage(message, direction, are_choices ? static_cast<int>(index) : -1,
                           texts_are_json, sink);
  }
  return true;
}

// {"args": […], "kwargs": {…}} of decorators, {"inputs": …, "tags": …} of LangChain: what was
// passed, without the wrapping.
std::string_view EntityValue(std::string_view text, std::string_view key, Arena& arena) {
  const std::optional<ParsedJson> parsed = ParseJson(text, arena);
  if (!parsed) return UnquotedJson(text, arena);
  if (!parsed->root.is_object() || parsed->health != JsonHealth::kClean) return text;
  const JsonValue* inner = parsed->root.Get(key);
  if (inner == nullptr) return ToolInput(text, arena);
  if (inner->is_string()) return inner->text;
  // {"inputs": {"question": "…"}}
  if (inner->members.size() == 1 && inner->members[0].value.is_string()) {
    inner = &inner->members[0].value;
  }
  return inner->text;
}

void ReadTool(const Fields& fields, Sink& sink) {
  std::string_view name = fields.Text("gen_ai.tool.name");
  if (name.empty()) name = fields.Text("traceloop.entity.name");
  const std::string_view id = fields.Text("gen_ai.tool.call.id");
  const std::string_view input = fields.AnyText("traceloop.entity.input", sink.arena());
  const std::string_view output = fields.AnyText("traceloop.entity.output", sink.arena());
  if (!input.empty()) {
    sink.AddToolCall(name, id, ToolInput(input, sink.arena()), Direction::kInput).role =
        Role::kTool;
  }
  if (!output.empty()) AddToolOutput(name, id, output, sink);
}

void ReadEntity(const SpanCarrier& carrier, std::string_view kind, Sink& sink) {
  const Fields& fields = carrier.fields;
  if (kind == kTool) {
    ReadTool(fields, sink);
    return;
  }
  Arena& arena = sink.arena();
  const auto read = [&](std::string_view text, std::string_view key, Role role,
                        Direction direction) {
    if (text.empty()) return;
    const std::optional<ParsedJson> parsed = ParseJson(text, arena);
    if (parsed && ReadRunMessages(*parsed, direction, sink)) return;
    sink.Add(role, PartKind::kText, direction, EntityValue(text, key, arena));
  };
  read(fields.AnyText("traceloop.entity.input", arena), "inputs", Role::kUser, Direction::kInput);
  read(fields.AnyText("traceloop.entity.output", arena), "outputs", Role::kAssistant,
       Direction::kOutput);
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  bool found = ReadList(carrier, "gen_ai.prompt.", Direction::kInput, sink) ||
               ReadList(carrier, "llm.prompts.", Direction::kInput, sink);
  found |= ReadList(carrier, "gen_ai.completion.", Direction::kOutput, sink) ||
           ReadList(carrier, "llm.completions.", Direction::kOutput, sink);
  const std::string_view kind = carrier.fields.Text("traceloop.span.kind");
  if (!kind.empty()) {
    ReadEntity(carrier, kind, sink);
    found = true;
  }
  return found;
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  const Fields& fields = carrier.fields;
  const std::string_view request = fields.Text("llm.request.type");
  const std::string_view kind = fields.Text("traceloop.span.kind");
  if (request.empty() && kind.empty()) return;
  if (usage.kind == CallKind::kNone) {
    if (!request.empty()) {
      usage.kind = CallKind::kModel;
    } else {
      usage.kind = kind == kTool ? CallKind::kTool : CallKind::kAgent;
    }
  }
  if (usage.kind == CallKind::kTool) TakeText(fields, {"traceloop.entity.name"}, usage.tool_name);
  if (kind == "agent") TakeText(fields, {"traceloop.entity.name"}, usage.agent_name);
  TakeInt(fields, {"gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens"}, usage.input_tokens);
  TakeInt(fields, {"gen_ai.usage.completion_tokens", "llm.usage.completion_tokens"},
          usage.output_tokens);
  TakeInt(fields, {"gen_ai.usage.cache_read_input_tokens"}, usage.cache_read_tokens);
  TakeInt(fields, {"gen_ai.usage.cache_creation_input_tokens"}, usage.cache_write_tokens);
  TakeInt(fields, {"gen_ai.usage.reasoning_tokens", "llm.usage.reasoning_tokens"},
          usage.reasoning_tokens);
  TakeText(
      fields,
      {"traceloop.association.properties.session_id", "traceloop.association.properties.thread_id"},
      usage.conversation_id);
}

}  // namespace

const Dialect kOpenLlmetry = {"OpenLLMetry", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
