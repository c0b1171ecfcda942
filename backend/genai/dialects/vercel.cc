// Outer spans (ai.generateText, ai.streamText, …) repeat prompt, answer and usage of the
// `.doGenerate` and `.doStream` spans below them; messages and tokens are read from the inner ones,
// from the outer one only when it has none below. Old names: ai.result.* (genai.md 1.e).
#include "genai/dialects/vercel.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "genai/dialects/take.h"
#include "genai/json_find.h"
#include "genai/parts.h"
#include "genai/tool_values.h"

namespace spanlog::genai {
namespace {

// "ai.generateText.doGenerate"; before 3.3 only as the first word of operation.name.
std::string_view Operation(const Fields& fields) {
  const std::string_view operation = fields.Text("ai.operationId");
  if (!operation.empty()) return operation;
  const std::string_view name = fields.Text("operation.name");
  return StartsWith(name, "ai.") ? name.substr(0, name.find(' ')) : std::string_view();
}

bool IsInner(std::string_view operation) {
  return Contains(operation, ".doGenerate") || Contains(operation, ".doStream") ||
         Contains(operation, ".doEmbed");
}

bool HasInnerBelow(const SpanCarrier& carrier) {
  const absl::Span<const uint32_t> children = carrier.ancestry.children(carrier.index);
  return std::any_of(children.begin(), children.end(), [&](uint32_t child) {
    return IsInner(Operation(Fields(carrier.trace.spans[child].attributes)));
  });
}

std::string_view Response(const Fields& fields, std::string_view name) {
  const std::string_view text = fields.Text(Concat("ai.response.", name));
  return text.empty() ? fields.Text(Concat("ai.result.", name)) : text;
}

// Embeddings: ai.value is one text as JSON, ai.values a list of such.
void ReadValues(const Fields& fields, Sink& sink) {
  Arena& arena = sink.arena();
  const auto add = [&](std::string_view json) {
    const std::optional<ParsedJson> boxed = ParseJson(arena.Own(Concat('[', json, ']')), arena);
    const bool is_text = boxed && boxed->root.items.size() == 1 && boxed->root.items[0].is_string();
    sink.Add(Role::kUser, PartKind::kText, Direction::kInput,
             is_text ? boxed->root.items[0].text : json);
  };
  const std::optional<ParsedJson> values = ParseJson(fields.Text("ai.values"), arena);
  if (values && values->root.is_array()) {
    for (const JsonValue& value : values->root.items) add(value.text);
  } else if (const std::string_view value = fields.Text("ai.value"); !value.empty()) {
    add(value);
  }
}

void ReadPrompt(const Fields& fields, Sink& sink) {
  if (ReadMessageText(fields.Text("ai.prompt.messages"), Direction::kInput, sink)) return;
  const std::optional<ParsedJson> prompt = fields.Json("ai.prompt", sink.arena());
  if (!prompt || !prompt->root.is_object()) return;
  PartReader reader(*prompt, sink);
  // A text, since version 6 a message or several as well.
  const JsonValue* system = First(prompt->root, {"system", "instructions"});
  Speaker speaker;
  speaker.role = Role::kSystem;
  if (system != nullptr && system->is_string()) {
    if (!system->text.empty()) reader.ReadContent(*system, speaker);
  } else if (system != nullptr && system->is_array()) {
    for (const JsonValue& message : system->items) reader.ReadMessage(message, speaker);
  } else if (system != nullptr) {
    reader.ReadMessage(*system, speaker);
  }
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
  const std::string_view finish = Response(fields, "finishReason");
  const auto add = [&](PartKind kind, std::string_view text) {
    if (text.empty()) return;
    sink.Add(Role::kAssistant, kind, Direction::kOutput, text).finish_reason = finish;
  };
  const std::string_view reasoning = Response(fields, "reasoning");
  const std::optional<ParsedJson> steps =
      StartsWith(reasoning, "[{") ? ParseJson(reasoning, arena) : std::nullopt;
  if (steps && steps->root.is_array()) {
    for (const JsonValue& step : steps->root.items) add(PartKind::kReasoning, step.GetText("text"));
  } else {
    add(PartKind::kReasoning, reasoning);
  }
  add(PartKind::kText, Response(fields, "text"));
  add(PartKind::kText, Response(fields, "object"));
  Speaker speaker;
  speaker.role = Role::kAssistant;
  speaker.direction = Direction::kOutput;
  speaker.finish_reason = finish;
  if (const auto files = ParseJson(Response(fields, "files"), arena); files) {
    PartReader reader(*files, sink);
    for (const JsonValue& file : files->root.items) reader.ReadPart(file, speaker);
  }
  if (const auto calls = ParseJson(Response(fields, "toolCalls"), arena); calls) {
    PartReader reader(*calls, sink);
    for (const JsonValue& call : calls->root.items) reader.ReadToolCall(call, speaker);
  }
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  const std::string_view operation = Operation(carrier.fields);
  if (operation.empty()) return false;
  if (operation == "ai.toolCall") {
    const std::string_view name = fields.Text("ai.toolCall.name");
    const std::string_view id = fields.Text("ai.toolCall.id");
    const std::string_view arguments = fields.Text("ai.toolCall.args");
    const std::string_view result = fields.Text("ai.toolCall.result");
    if (!arguments.empty()) {
      sink.AddToolCall(name, id, arguments, Direction::kInput).role = Role::kTool;
    }
    if (!result.empty()) AddToolOutput(name, id, result, sink);
    return true;
  }
  if (!IsInner(operation) && HasInnerBelow(carrier)) return true;
  ReadValues(fields, sink);
  ReadPrompt(fields, sink);
  ReadAnswer(fields, sink);
  return true;
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  const Fields& fields = carrier.fields;
  const std::string_view operation = Operation(carrier.fields);
  if (operation.empty()) return;
  if (operation == "ai.toolCall") {
    usage.kind = CallKind::kTool;
    usage.tool_name = fields.Text("ai.toolCall.name");
  } else {
    const bool repeats = !IsInner(operation) && HasInnerBelow(carrier);
    usage.kind = repeats ? CallKind::kAgent : CallKind::kModel;
    usage.aggregates_children = repeats;
  }
  TakeInt(fields, {"ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"},
          usage.input_tokens);
  TakeInt(fields, {"ai.usage.outputTokens", "ai.usage.completionTokens"}, usage.output_tokens);
  TakeInt(fields, {"ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens"},
          usage.cache_read_tokens);
  TakeInt(fields, {"ai.usage.inputTokenDetails.cacheWriteTokens"}, usage.cache_write_tokens);
  TakeInt(fields, {"ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens"},
          usage.reasoning_tokens);
  TakeDouble(fields, {"ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"}, usage.ttft_ms);
  TakeText(fields, {"ai.response.model", "ai.model.id"}, usage.model);
  TakeText(fields, {"ai.model.provider"}, usage.provider);
  TakeText(fields, {"ai.response.id"}, usage.response_id);
  TakeText(fields, {"ai.telemetry.metadata.sessionId"}, usage.conversation_id);
}

}  // namespace

const Dialect kVercel = {"Vercel AI SDK", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
