// Outer spans (ai.generateText, ai.streamText, …) repeat prompt, answer and usage of the
// `.doGenerate` and `.doStream` spans below them; messages and tokens are read from the inner ones,
// from the outer one only when it has none below. Old names: ai.result.* (genai.md 1.e).
#include "genai/dialects/vercel.h"

#include "base/text.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

std::string_view Operation(const Fields& fields) { return fields.Text("ai.operationId"); }

bool IsInner(std::string_view operation) {
  return Contains(operation, ".doGenerate") || Contains(operation, ".doStream") ||
         Contains(operation, ".doEmbed");
}

bool HasInnerBelow(const SpanCarrier& carrier) {
  for (const Span& span : carrier.trace.spans) {
    if (span.parent_span_id == carrier.span.span_id &&
        IsInner(FindText(span.attributes, "ai.operationId"))) {
      return true;
    }
  }
  return false;
}

std::string_view Response(const Fields& fields, std::string_view name, Arena& arena) {
  const std::string_view text = fields.Text(arena.Copy(Concat("ai.response.", name)));
  return text.empty() ? fields.Text(arena.Copy(Concat("ai.result.", name))) : text;
}

void ReadPrompt(const Fields& fields, Sink& sink) {
  if (ReadMessageText(fields.Text("ai.prompt.messages"), Direction::kInput, sink)) return;
  const std::optional<ParsedJson> prompt = fields.Json("ai.prompt", sink.arena());
  if (!prompt || !prompt->root.is_object()) return;
  const std::string_view system = prompt->root.GetText("system");
  if (!system.empty()) sink.Add(Role::kSystem, PartKind::kText, Direction::kInput, system);
  PartReader reader(*prompt, sink);
  const JsonValue* text = prompt->root.Get("prompt");
  if (text != nullptr && text->is_string()) {
    sink.Add(Role::kUser, PartKind::kText, Direction::kInput, text->text);
  } else if (text != nullptr) {
    reader.ReadMessages(*text, Direction::kInput);
  }
  const JsonValue* messages = prompt->root.Get("messages");
  if (messages != nullptr) reader.ReadMessages(*messages, Direction::kInput);
}

void ReadAnswer(const Fields& fields, Sink& sink) {
  Arena& arena = sink.arena();
  const std::string_view finish = Response(fields, "finishReason", arena);
  const auto add = [&](PartKind kind, std::string_view text) {
    if (text.empty()) return;
    sink.Add(Role::kAssistant, kind, Direction::kOutput, text).finish_reason = finish;
  };
  const std::string_view reasoning = Response(fields, "reasoning", arena);
  const std::optional<ParsedJson> steps =
      StartsWith(reasoning, "[{") ? ParseJson(reasoning, arena) : std::nullopt;
  if (steps && steps->root.is_array()) {
    for (const JsonValue& step : steps->root.items) add(PartKind::kReasoning, step.GetText("text"));
  } else {
    add(PartKind::kReasoning, reasoning);
  }
  add(PartKind::kText, Response(fields, "text", arena));
  add(PartKind::kText, Response(fields, "object", arena));
  const std::optional<ParsedJson> calls = ParseJson(Response(fields, "toolCalls", arena), arena);
  if (!calls || !calls->root.is_array()) return;
  PartReader reader(*calls, sink);
  Speaker speaker;
  speaker.role = Role::kAssistant;
  speaker.direction = Direction::kOutput;
  speaker.finish_reason = finish;
  for (const JsonValue& call : calls->root.items) reader.ReadToolCall(call, speaker);
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  const std::string_view operation = Operation(fields);
  if (operation.empty()) return false;
  if (operation == "ai.toolCall") {
    const std::string_view name = fields.Text("ai.toolCall.name");
    const std::string_view id = fields.Text("ai.toolCall.id");
    const std::string_view arguments = fields.Text("ai.toolCall.args");
    const std::string_view result = fields.Text("ai.toolCall.result");
    if (!arguments.empty()) {
      sink.AddToolCall(name, id, arguments, Direction::kInput).role = Role::kTool;
    }
    if (!result.empty()) sink.AddToolResult(name, id, result, Direction::kOutput);
    return true;
  }
  if (!IsInner(operation) && HasInnerBelow(carrier)) return true;
  ReadPrompt(fields, sink);
  ReadAnswer(fields, sink);
  return true;
}

void SetInt(const Fields& fields, std::initializer_list<std::string_view> keys, int64_t& out) {
  for (const std::string_view key : keys) {
    int64_t value = 0;
    if (out < 0 && fields.Int(key, value)) out = value;
  }
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  const Fields& fields = carrier.fields;
  const std::string_view operation = Operation(fields);
  if (operation.empty()) return;
  if (operation == "ai.toolCall") {
    usage.kind = CallKind::kTool;
    usage.tool_name = fields.Text("ai.toolCall.name");
  } else {
    const bool repeats = !IsInner(operation) && HasInnerBelow(carrier);
    usage.kind = repeats ? CallKind::kAgent : CallKind::kModel;
    usage.aggregates_children = repeats;
  }
  SetInt(fields, {"ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"},
         usage.input_tokens);
  SetInt(fields, {"ai.usage.outputTokens", "ai.usage.completionTokens"}, usage.output_tokens);
  SetInt(fields, {"ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens"},
         usage.cache_read_tokens);
  SetInt(fields, {"ai.usage.inputTokenDetails.cacheWriteTokens"}, usage.cache_write_tokens);
  SetInt(fields, {"ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens"},
         usage.reasoning_tokens);
  double first_chunk = 0;
  if (usage.ttft_ms < 0 && fields.Double("ai.response.msToFirstChunk", first_chunk)) {
    usage.ttft_ms = first_chunk;
  }
  if (usage.model.empty()) usage.model = fields.Text("ai.response.model");
  if (usage.model.empty()) usage.model = fields.Text("ai.model.id");
  if (usage.provider.empty()) usage.provider = fields.Text("ai.model.provider");
  if (usage.response_id.empty()) usage.response_id = fields.Text("ai.response.id");
  if (usage.conversation_id.empty()) {
    usage.conversation_id = fields.Text("ai.telemetry.metadata.sessionId");
  }
}

}  // namespace

const Dialect kVercel = {"Vercel AI SDK", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
