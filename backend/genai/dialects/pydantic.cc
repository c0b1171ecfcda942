#include "genai/dialects/pydantic.h"

#include "genai/event_body.h"
#include "genai/parts.h"
#include "genai/tool_failure.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kAllMessages = "pydantic_ai.all_messages";

// The whole run: what comes after the last thing that anyone else said is the run's output.
void ReadAllMessages(const ParsedJson& all, Sink& sink) {
  const absl::Span<const JsonValue> messages = all.root.items;
  size_t outputs_begin = messages.size();
  while (outputs_begin > 0 &&
         ParseRole(messages[outputs_begin - 1].GetText("role")) == Role::kAssistant) {
    --outputs_begin;
  }
  PartReader reader(all, sink);
  for (size_t i = 0; i < messages.size(); ++i) {
    Speaker speaker;
    if (i >= outputs_begin) {
      speaker.role = Role::kAssistant;
      speaker.direction = Direction::kOutput;
    }
    reader.ReadMessage(messages[i], speaker);
  }
}

// Logfire's instrumentation of the OpenAI and Anthropic clients: {"system":…,"messages":[…]},
// {"message":{…}}, and of a stream {"combined_chunk_content":…}.
bool ReadRequest(const Fields& fields, Sink& sink) {
  const std::optional<ParsedJson> request = fields.Json("request_data", sink.arena());
  const std::optional<ParsedJson> response = fields.Json("response_data", sink.arena());
  const JsonValue* messages = request ? request->root.Get("messages") : nullptr;
  const JsonValue* system = request ? request->root.Get("system") : nullptr;
  if (system != nullptr && system->type != JsonType::kNull) {
    Speaker speaker;
    speaker.role = Role::kSystem;
    PartReader(*request, sink).ReadContent(*system, speaker);
  }
  if (messages != nullptr) PartReader(*request, sink).ReadMessages(*messages, Direction::kInput);
  const JsonValue* message = response ? response->root.Get("message") : nullptr;
  if (message != nullptr) PartReader(*response, sink).ReadMessages(*message, Direction::kOutput);
  const JsonValue* streamed = response ? response->root.Get("combined_chunk_content") : nullptr;
  if (message == nullptr && streamed != nullptr && streamed->is_string()) {
    sink.Add(Role::kAssistant, PartKind::kText, Direction::kOutput, streamed->text);
  }
  return messages != nullptr || message != nullptr || streamed != nullptr;
}

bool ReadRun(const Fields& fields, Sink& sink) {
  bool found = false;
  for (const std::string_view key : {"events", "all_messages_events"}) {
    const std::optional<ParsedJson> events = fields.Json(key, sink.arena());
    if (!events || !events->root.is_array()) continue;
    ReadEventList(*events, sink);
    found = true;
  }
  if (!found) found = ReadRequest(fields, sink);
  const std::optional<ParsedJson> all = fields.Json(kAllMessages, sink.arena());
  if (all && all->root.is_array()) {
    ReadAllMessages(*all, sink);
    found = true;
  }
  // The last message again, or the output type as JSON.
  if (const std::string_view result = fields.Text("final_result"); !result.empty()) {
    sink.BeginCopy();
    sink.Add(Role::kAssistant, PartKind::kText, Direction::kOutput, result);
    found = true;
  }
  return found;
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  const bool is_pydantic = carrier.trace.scope_of(carrier.span).name == "pydantic-ai" ||
                           fields.Has("logfire.json_schema") || fields.Has(kAllMessages);
  if (!is_pydantic) return false;
  bool found = ReadRun(fields, sink);
  const std::string_view name = fields.Text("gen_ai.tool.name");
  if (name.empty()) return found;
  const std::string_view id = fields.Text("gen_ai.tool.call.id");
  const std::string_view arguments = fields.AnyText("tool_arguments", sink.arena());
  const std::string_view response = fields.AnyText("tool_response", sink.arena());
  if (!arguments.empty()) sink.AddToolCall(name, id, arguments, Direction::kInput);
  if (!response.empty()) {
    sink.AddToolResult(name, id, response, Direction::kOutput).failed =
        IsFailedEnvelope(response, sink.arena());
  }
  return found || !arguments.empty() || !response.empty();
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  const Fields& fields = carrier.fields;
  if (!fields.Has(kAllMessages) && !fields.Has("all_messages_events") &&
      !fields.Has("final_result")) {
    return;
  }
  // The agent's span before it had an operation name.
  usage.kind = CallKind::kAgent;
  usage.aggregates_children = true;
  if (usage.agent_name.empty()) usage.agent_name = fields.Text("agent_name");
}

}  // namespace

const Dialect kPydantic = {"pydantic ai", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
