// Old: gen_ai.prompt.N.*, gen_ai.completion.N.* (before 0.20 llm.prompts.N.*, llm.completions.N.*).
// New: OpenTelemetry's message attributes, read there. Workflow, task, agent and tool spans:
// traceloop.entity.input and .output, which the SDK cuts into invalid JSON (genai.md 1.d).
#include "genai/dialects/openllmetry.h"

#include "base/text.h"
#include "genai/dialects/indexed.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kTool = "tool";

void ReadMessage(Attributes message, Direction direction, int choice, Sink& sink) {
  Speaker speaker;
  speaker.direction = direction;
  speaker.choice = choice;
  speaker.role = ParseRole(FindText(message, "role"))
                     .value_or(direction == Direction::kInput ? Role::kUser : Role::kAssistant);
  speaker.finish_reason = FindText(message, "finish_reason");
  speaker.tool_id = FindText(message, "tool_call_id");
  const std::string_view content = FindText(message, "content");
  const std::string_view reasoning = FindText(message, "reasoning");
  if (!reasoning.empty()) {
    sink.Add(Role::kAssistant, PartKind::kReasoning, direction, reasoning);
  }
  if (speaker.role == Role::kTool || !speaker.tool_id.empty()) {
    sink.AddToolResult(FindText(message, "name"), speaker.tool_id, content, direction);
  } else if (!content.empty()) {
    // Several parts (an image beside a text) come as the JSON of the API's content list.
    const std::optional<ParsedJson> parsed =
        content.front() == '[' ? ParseJson(content, sink.arena()) : std::nullopt;
    const bool parts = parsed && !parsed->root.items.empty() && parsed->root.items[0].is_object() &&
                       parsed->root.items[0].Get("type") != nullptr;
    if (parts) {
      PartReader(*parsed, sink).ReadContent(parsed->root, speaker);
    } else {
      Message& row = sink.Add(speaker.role, PartKind::kText, direction, content);
      row.choice = choice;
      row.finish_reason = speaker.finish_reason;
    }
  }
  for (const auto& [index, call] : ByIndex(message, "tool_calls.")) {
    Message& row = sink.AddToolCall(FindText(call, "name"), FindText(call, "id"),
                                    FindText(call, "arguments"), direction);
    row.choice = choice;
    row.finish_reason = speaker.finish_reason;
  }
}

bool ReadList(const SpanCarrier& carrier, std::string_view prefix, Direction direction,
              Sink& sink) {
  const auto messages = ByIndex(carrier.span.attributes, prefix);
  const bool choices = direction == Direction::kOutput && messages.size() > 1;
  for (const auto& [index, message] : messages) {
    ReadMessage(message, direction, choices ? static_cast<int>(index) : -1, sink);
  }
  return !messages.empty();
}

// {"args": […], "kwargs": {…}} or {"inputs": …}: what was passed, without the wrapping.
std::string_view EntityInput(std::string_view text, Sink& sink) {
  const std::optional<ParsedJson> parsed = ParseJson(text, sink.arena());
  if (!parsed || !parsed->root.is_object() || parsed->health != JsonHealth::kClean) return text;
  const JsonValue* args = parsed->root.Get("args");
  const JsonValue* kwargs = parsed->root.Get("kwargs");
  if (kwargs != nullptr && kwargs->is_object() && !kwargs->members.empty() &&
      (args == nullptr || args->items.empty())) {
    return kwargs->text;
  }
  if (args != nullptr && args->items.size() == 1 &&
      (kwargs == nullptr || kwargs->members.empty())) {
    return args->items[0].text;
  }
  return text;
}

void ReadEntity(const SpanCarrier& carrier, std::string_view kind, Sink& sink) {
  const std::string_view input = carrier.fields.Text("traceloop.entity.input");
  const std::string_view output = carrier.fields.Text("traceloop.entity.output");
  const std::string_view name = carrier.fields.Text("traceloop.entity.name");
  if (kind == kTool) {
    if (!input.empty()) {
      sink.AddToolCall(name, {}, EntityInput(input, sink), Direction::kInput).role = Role::kTool;
    }
    if (!output.empty()) sink.AddToolResult(name, {}, output, Direction::kOutput);
    return;
  }
  if (!input.empty()) {
    sink.Add(Role::kUser, PartKind::kText, Direction::kInput, EntityInput(input, sink));
  }
  if (!output.empty()) sink.Add(Role::kAssistant, PartKind::kText, Direction::kOutput, output);
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

void SetInt(const Fields& fields, std::string_view key, int64_t& out) {
  int64_t value = 0;
  if (out < 0 && fields.Int(key, value)) out = value;
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
  if (usage.kind == CallKind::kTool && usage.tool_name.empty()) {
    usage.tool_name = fields.Text("traceloop.entity.name");
  }
  SetInt(fields, "gen_ai.usage.prompt_tokens", usage.input_tokens);
  SetInt(fields, "gen_ai.usage.completion_tokens", usage.output_tokens);
  SetInt(fields, "gen_ai.usage.cache_read_input_tokens", usage.cache_read_tokens);
  SetInt(fields, "gen_ai.usage.cache_creation_input_tokens", usage.cache_write_tokens);
  SetInt(fields, "gen_ai.usage.reasoning_tokens", usage.reasoning_tokens);
  if (usage.conversation_id.empty()) {
    usage.conversation_id = fields.Text("traceloop.association.properties.session_id");
  }
}

}  // namespace

const Dialect kOpenLlmetry = {"OpenLLMetry", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
