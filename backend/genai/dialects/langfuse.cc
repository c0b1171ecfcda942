#include "genai/dialects/langfuse.h"

#include <algorithm>

#include "base/text.h"
#include "genai/dialects/take.h"
#include "genai/json_find.h"
#include "genai/run_json.h"
#include "genai/tool_values.h"

namespace spanlog::genai {
namespace {

std::string_view TypeOf(const Fields& fields) { return fields.Text("langfuse.observation.type"); }

bool IsLangfuse(const Fields& fields) {
  return fields.Has("langfuse.observation.type") || fields.Has("langfuse.observation.input") ||
         fields.Has("langfuse.observation.output") || fields.Has("langfuse.trace.input");
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  if (!IsLangfuse(fields)) return false;
  Arena& arena = sink.arena();
  std::string_view input = fields.AnyText("langfuse.observation.input", arena);
  std::string_view output = fields.AnyText("langfuse.observation.output", arena);
  // A root that has only its trace's.
  if (input.empty()) input = fields.AnyText("langfuse.trace.input", arena);
  if (output.empty()) output = fields.AnyText("langfuse.trace.output", arena);
  const std::string_view type = TypeOf(fields);
  const std::string_view name = carrier.span.name;
  if (type == "tool") {
    const std::string_view id = fields.Text("gen_ai.tool.call.id");
    if (!input.empty()) {
      sink.AddToolCall(name, id, ToolInput(input, arena), Direction::kInput).role = Role::kTool;
    }
    if (!output.empty()) {
      AddToolOutput(name, id, output, sink).failed |=
          fields.Text("langfuse.observation.level") == "ERROR";
    }
    return true;
  }
  ReadRun(input, Role::kUser, Direction::kInput, false, sink);
  if (type == "retriever") {
    if (!output.empty()) sink.AddToolResult(name, {}, output, Direction::kOutput);
  } else {
    ReadRun(output, Role::kAssistant, Direction::kOutput, false, sink);
  }
  return true;
}

int64_t NumberOf(const JsonValue* value) {
  const bool is_number = value != nullptr && value->type == JsonType::kNumber;
  return is_number ? TokensOf(value->number) : -1;
}

int64_t Member(const JsonValue& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const int64_t number = NumberOf(object.Get(key));
    if (number >= 0) return number;
  }
  return -1;
}

int64_t SumOf(const JsonValue& object, std::string_view prefix) {
  int64_t sum = 0;
  for (const JsonMember& member : object.members) {
    const bool is_total = member.key == "input_tokens" || member.key == "output_tokens";
    if (!is_total && StartsWith(member.key, prefix)) {
      sum += std::max<int64_t>(0, NumberOf(&member.value));
    }
  }
  return sum;
}

// {"input", "output", "total", "input_cached_tokens", …}, or the provider's own names. LangChain's
// handler takes the details out of input and output; the total tells.
void TakeTokens(const JsonValue& details, CallUsage& usage) {
  const auto set = [&](int64_t& out, std::initializer_list<std::string_view> keys) {
    if (out < 0) out = Member(details, keys);
  };
  const bool are_new = usage.input_tokens < 0 && usage.output_tokens < 0;
  set(usage.input_tokens, {"input", "prompt_tokens", "input_tokens"});
  set(usage.output_tokens, {"output", "completion_tokens", "output_tokens"});
  const int64_t total = Member(details, {"total", "total_tokens"});
  const int64_t inputs = SumOf(details, "input_");
  const int64_t outputs = SumOf(details, "output_");
  if (are_new && usage.input_tokens >= 0 && usage.output_tokens >= 0 && inputs + outputs > 0 &&
      usage.input_tokens + usage.output_tokens + inputs + outputs == total) {
    usage.input_tokens += inputs;
    usage.output_tokens += outputs;
  }
  set(usage.cache_read_tokens, {"input_cached_tokens", "cache_read_input_tokens",
                                "input_cache_read", "input_cache_read_input_tokens"});
  set(usage.cache_write_tokens,
      {"cache_creation_input_tokens", "input_cache_creation", "input_cache_creation_input_tokens"});
  set(usage.reasoning_tokens, {"output_reasoning_tokens", "output_reasoning", "reasoning_tokens"});
  if (const JsonValue* of_input =
          ObjectAt(details, {"prompt_tokens_details", "input_tokens_details"});
      of_input != nullptr && usage.cache_read_tokens < 0) {
    usage.cache_read_tokens = Member(*of_input, {"cached_tokens"});
  }
  if (const JsonValue* of_output =
          ObjectAt(details, {"completion_tokens_details", "output_tokens_details"});
      of_output != nullptr && usage.reasoning_tokens < 0) {
    usage.reasoning_tokens = Member(*of_output, {"reasoning_tokens"});
  }
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
  if (tokens) TakeTokens(tokens->root, usage);
  const std::optional<ParsedJson> cost = fields.Json("langfuse.observation.cost_details", arena);
  const JsonValue* total = cost ? cost->root.Get("total") : nullptr;
  if (usage.cost_usd < 0 && total != nullptr && total->type == JsonType::kNumber) {
    usage.cost_usd = total->number;
  }
  TakeText(fields, {"langfuse.observation.model.name"}, usage.model);
  TakeText(fields, {"langfuse.session.id", "session.id"}, usage.conversation_id);
}

}  // namespace

const Dialect kLangfuse = {"Langfuse", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
