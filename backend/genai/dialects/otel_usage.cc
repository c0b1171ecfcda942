#include "genai/dialects/otel_usage.h"

#include <string_view>

#include "genai/dialects/take.h"
#include "genai/json_find.h"

namespace spanlog::genai {
namespace {

CallKind KindOf(const SpanCarrier& carrier) {
  const Fields& fields = carrier.fields;
  const std::string_view operation = fields.Text("gen_ai.operation.name");
  if (IsOneOf(operation, {"chat", "generate_content", "text_completion", "embeddings", "llm_call",
                          "message", "completion", "responses", "image_generation"})) {
    return CallKind::kModel;
  }
  if (IsOneOf(operation, {"execute_tool", "tool_call"})) return CallKind::kTool;
  if (IsOneOf(operation,
              {"invoke_agent", "create_agent", "invoke_workflow", "plan", "agent_call"})) {
    return CallKind::kAgent;
  }
  if (!operation.empty()) return CallKind::kNone;
  if (fields.Has("gen_ai.tool.name")) return CallKind::kTool;
  // Before 1.27 there was no operation name: a span that names the model asked for is a call of it.
  if (fields.Has("gen_ai.request.model")) return CallKind::kModel;
  if (fields.Has("gen_ai.agent.name")) return CallKind::kAgent;
  return CallKind::kNone;
}

}  // namespace

void ReadOtelUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  const Fields& fields = carrier.fields;
  if (usage.kind == CallKind::kNone) usage.kind = KindOf(carrier);
  TakeInt(fields, {"gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"}, usage.input_tokens);
  TakeInt(fields, {"gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"},
          usage.output_tokens);
  TakeInt(fields,
          {"gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
           "gen_ai.usage.details.cache_read_tokens"},
          usage.cache_read_tokens);
  TakeInt(fields,
          {"gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens",
           "gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write_input_tokens",
           "gen_ai.usage.details.cache_write_tokens"},
          usage.cache_write_tokens);
  TakeInt(fields,
          {"gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens",
           "gen_ai.usage.details.reasoning_tokens"},
          usage.reasoning_tokens);
  TakeDouble(fields, {"gen_ai.usage.cost", "operation.cost"}, usage.cost_usd);
  // Seconds, as all durations of the conventions.
  double seconds = -1;
  TakeDouble(fields, {"gen_ai.response.time_to_first_chunk", "gen_ai.response.time_to_first_token"},
             seconds);
  if (usage.ttft_ms < 0 && seconds >= 0) usage.ttft_ms = seconds * 1000;
  TakeText(fields, {"gen_ai.response.model", "gen_ai.request.model"}, usage.model);
  TakeText(fields, {"gen_ai.provider.name", "gen_ai.system"}, usage.provider);
  TakeText(fields, {"gen_ai.tool.name"}, usage.tool_name);
  TakeText(fields, {"gen_ai.agent.name", "gen_ai.workflow.name"}, usage.agent_name);
  TakeText(fields, {"gen_ai.conversation.id", "session.id"}, usage.conversation_id);
  TakeText(fields, {"gen_ai.response.id"}, usage.response_id);
}

}  // namespace spanlog::genai
