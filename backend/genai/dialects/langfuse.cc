#include "genai/dialects/langfuse.h"

#include "base/text.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

std::string_view TypeOf(const Fields& fields) { return fields.Text("langfuse.observation.type"); }

bool IsLangfuse(const Fields& fields) {
  return fields.Has("langfuse.observation.type") || fields.Has("langfuse.observation.input") ||
         fields.Has("langfuse.observation.output");
}

// A chat: an array of messages, {"messages": […]} or one message. Everything else is shown as it is.
bool ReadChat(std::string_view text, Direction direction, Sink& sink) {
  const std::optional<ParsedJson> parsed = ParseJson(text, sink.arena());
  if (!parsed) return false;
  const JsonValue* chat = &parsed->root;
  if (const JsonValue* messages = chat->Get("messages"); messages != nullptr) chat = messages;
  const JsonValue* first = chat->is_array() && !chat->items.empty() ? &chat->items[0] : chat;
  if (first->Get("role") == nullptr) return false;
  PartReader(*parsed, sink).ReadMessages(*chat, direction);
  return true;
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  if (!IsLangfuse(fields)) return false;
  Arena& arena = sink.arena();
  const std::string_view input = fields.AnyText("langfuse.observation.input", arena);
  const std::string_view output = fields.AnyText("langfuse.observation.output", arena);
  if (TypeOf(fields) == "tool") {
    const std::string_view name = carrier.span.name;
    const std::string_view id = fields.Text("gen_ai.tool.call.id");
    if (!input.empty()) {
      sink.AddToolCall(name, id, input, Direction::kInput).role = Role::kTool;
    }
    if (!output.empty()) sink.AddToolResult(name, id, output, Direction::kOutput);
    return true;
  }
  if (!input.empty() && !ReadChat(input, Direction::kInput, sink)) {
    sink.Add(Role::kUser, PartKind::kText, Direction::kInput, input);
  }
  if (output.empty()) return true;
  if (TypeOf(fields) == "retriever") {
    sink.AddToolResult(carrier.span.name, {}, output, Direction::kOutput);
  } else if (!ReadChat(output, Direction::kOutput, sink)) {
    sink.Add(Role::kAssistant, PartKind::kText, Direction::kOutput, output);
  }
  return true;
}

int64_t Member(const JsonValue& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const JsonValue* value = object.Get(key);
    if (value != nullptr && value->type == JsonType::kNumber) {
      return static_cast<int64_t>(value->number);
    }
  }
  return -1;
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena& arena) {
  const Fields& fields = carrier.fields;
  if (!IsLangfuse(fields)) return;
  const std::string_view type = TypeOf(fields);
  if (usage.kind == CallKind::kNone) {
    if (type == "generation" || type == "embedding") usage.kind = CallKind::kModel;
    if (type == "tool") usage.kind = CallKind::kTool;
    if (type == "agent" || type == "chain") usage.kind = CallKind::kAgent;
  }
  if (usage.kind == CallKind::kTool && usage.tool_name.empty()) usage.tool_name = carrier.span.name;
  if (usage.kind == CallKind::kAgent && usage.agent_name.empty()) {
    usage.agent_name = carrier.span.name;
  }
  const std::optional<ParsedJson> tokens = fields.Json("langfuse.observation.usage_details", arena);
  if (tokens) {
    const auto set = [&](int64_t& out, std::initializer_list<std::string_view> keys) {
      if (out < 0) out = Member(tokens->root, keys);
    };
    set(usage.input_tokens, {"input", "prompt_tokens", "input_tokens"});
    set(usage.output_tokens, {"output", "completion_tokens", "output_tokens"});
    set(usage.cache_read_tokens,
        {"input_cached_tokens", "cache_read_input_tokens", "input_cache_read"});
    set(usage.cache_write_tokens, {"cache_creation_input_tokens", "input_cache_creation"});
    set(usage.reasoning_tokens, {"output_reasoning_tokens", "reasoning_tokens"});
  }
  const std::optional<ParsedJson> cost = fields.Json("langfuse.observation.cost_details", arena);
  const JsonValue* total = cost ? cost->root.Get("total") : nullptr;
  if (usage.cost_usd < 0 && total != nullptr && total->type == JsonType::kNumber) {
    usage.cost_usd = total->number;
  }
  if (usage.model.empty()) usage.model = fields.Text("langfuse.observation.model.name");
  if (usage.conversation_id.empty()) usage.conversation_id = fields.Text("langfuse.session.id");
  if (usage.conversation_id.empty()) usage.conversation_id = fields.Text("session.id");
}

}  // namespace

const Dialect kLangfuse = {"Langfuse", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
