// Spans by their kind. Calls: llm.input_messages.N.message.*, llm.output_messages.N.message.*,
// prompts and choices of the completions API. Tools: tool.* and input/output. Embeddings,
// retrievers and rerankers: their texts and documents. input.value and output.value where those are
// missing (OpenInference semantic conventions, genai.md 1.c).
#include "genai/dialects/openinference.h"

#include "base/text.h"
#include "genai/dialects/indexed.h"
#include "genai/dialects/openinference_message.h"
#include "genai/dialects/take.h"
#include "genai/parts.h"
#include "genai/run_json.h"
#include "genai/tool_values.h"

namespace spanlog::genai {
namespace {

std::string_view SpanKind(const Fields& fields) { return fields.Text("openinference.span.kind"); }

bool IsOpenInference(const Fields& fields) {
  return fields.Has("openinference.span.kind") || fields.Has("llm.model_name") ||
         fields.Has("llm.input_messages.0.message.role");
}

void MarkHidden(Message* message) {
  if (message != nullptr && message->status == MessageStatus::kRedacted)
    message->hint = kOpenInferenceHiddenHint;
}

// The messages as one JSON text, flattened inside or not: emitters by hand, and stores that put
// lists together.
bool ReadJsonList(std::string_view text, Direction direction, Sink& sink) {
  const std::optional<ParsedJson> parsed = ParseJson(text, sink.arena());
  if (!parsed || !parsed->root.is_array() || parsed->root.items.empty()) return false;
  for (const JsonValue& item : parsed->root.items) {
    const IndexedFields fields = Flattened(item, sink.arena());
    const bool is_flattened = !fields.empty() && StartsWith(fields.front().key, "message.");
    if (is_flattened) {
      ReadOpenInferenceMessage(fields, direction, -1, {}, sink);
    } else {
      PartReader(*parsed, sink).ReadMessages(item, direction);
    }
  }
  return true;
}

bool ReadList(const SpanCarrier& carrier, std::string_view key, Direction direction, Sink& sink) {
  const auto messages = ByIndex(carrier.span.attributes, Concat(key, '.'));
  if (messages.empty()) return ReadJsonList(carrier.fields.Text(key), direction, sink);
  // The items of an OpenAI response are messages of their own: reasoning, calls, the text. Only
  // where each message speaks are they choices.
  bool are_choices = direction == Direction::kOutput && messages.size() > 1;
  for (const auto& [index, message] : messages) are_choices = are_choices && Speaks(message);
  const std::string_view finish = direction == Direction::kOutput && !are_choices
                                      ? carrier.fields.Text("llm.finish_reason")
                                      : std::string_view();
  for (const auto& [index, message] : messages) {
    const int choice = are_choices ? static_cast<int>(index) : -1;
    ReadOpenInferenceMessage(message, direction, choice, finish, sink);
  }
  return true;
}

// Completions API: llm.prompts.N.prompt.text, llm.choices.N.completion.text; in older versions
// llm.prompts is a list of texts.
bool ReadTexts(const SpanCarrier& carrier, std::string_view prefix, std::string_view key, Role role,
               Direction direction, Sink& sink) {
  bool any = false;
  for (const auto& [index, element] : ByIndex(carrier.span.attributes, Concat(prefix, '.'))) {
    const std::string_view text = FindText(element, key);
    if (text.empty()) continue;
    MarkHidden(&sink.Add(role, PartKind::kText, direction, text));
    any = true;
  }
  if (any) return true;
  const std::optional<ParsedJson> list = carrier.fields.Json(prefix, sink.arena());
  if (!list || !list->root.is_array() || list->root.items.empty()) return false;
  for (const JsonValue& item : list->root.items) {
    if (item.is_string()) MarkHidden(&sink.Add(role, PartKind::kText, direction, item.text));
  }
  return true;
}

void ReadTool(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  std::string_view name = fields.Text("tool.name");
  if (name.empty()) name = carrier.span.name;
  std::string_view id = fields.Text("tool.id");
  if (id.empty()) id = fields.Text("tool_call.id");
  std::string_view arguments = fields.AnyText("input.value", sink.arena());
  if (arguments.empty()) arguments = fields.Text("tool_call.function.arguments");
  if (arguments.empty()) arguments = fields.Text("tool.parameters");
  const std::string_view result = fields.AnyText("output.value", sink.arena());
  if (!arguments.empty()) {
    Message& call =
        sink.AddToolCall(name, id, ToolInput(arguments, sink.arena()), Direction::kInput);
    call.role = Role::kTool;
    MarkHidden(&call);
  }
  if (!result.empty()) MarkHidden(&AddToolOutput(name, id, result, sink));
}

bool ReadDocuments(const SpanCarrier& carrier, std::string_view prefix, std::string_view name,
                   Sink& sink) {
  bool any = false;
  for (const auto& [index, document] : ByIndex(carrier.span.attributes, prefix)) {
    const std::string_view text = FindText(document, "document.content");
    if (text.empty()) continue;
    MarkHidden(
        &sink.AddToolResult(name, FindText(document, "document.id"), text, Direction::kOutput));
    any = true;
  }
  return any;
}

bool ReadInputs(const SpanCarrier& carrier, Sink& sink) {
  if (ReadList(carrier, "llm.input_messages", Direction::kInput, sink) ||
      ReadTexts(carrier, "llm.prompts", "prompt.text", Role::kUser, Direction::kInput, sink) ||
      ReadTexts(carrier, "embedding.embeddings", "embedding.text", Role::kUser, Direction::kInput,
                sink)) {
    return true;
  }
  std::string_view text = carrier.fields.Text("reranker.query");
  if (text.empty()) text = carrier.fields.AnyText("input.value", sink.arena());
  MarkHidden(ReadRun(text, Role::kUser, Direction::kInput, false, sink));
  return true;
}

void ReadOutputs(const SpanCarrier& carrier, Sink& sink) {
  const std::string_view kind = SpanKind(carrier.fields);
  bool found = ReadList(carrier, "llm.output_messages", Direction::kOutput, sink) ||
               ReadTexts(carrier, "llm.choices", "completion.text", Role::kAssistant,
                         Direction::kOutput, sink);
  found |= ReadDocuments(carrier, "retrieval.documents.", "retrieval", sink);
  found |= ReadDocuments(carrier, "reranker.output_documents.", "rerank", sink);
  // Without its documents a retriever's output is theirs all the same; an embedding's is numbers.
  if (found || kind == "EMBEDDING") return;
  const std::string_view text = carrier.fields.AnyText("output.value", sink.arena());
  if (kind == "RETRIEVER" || kind == "RERANKER") {
    if (!text.empty()) {
      MarkHidden(&sink.AddToolResult(kind == "RETRIEVER" ? "retrieval" : "rerank", {}, text,
                                     Direction::kOutput));
    }
    return;
  }
  MarkHidden(ReadRun(text, Role::kAssistant, Direction::kOutput, false, sink));
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  if (!IsOpenInference(carrier.fields)) return false;
  if (SpanKind(carrier.fields) == "TOOL") {
    ReadTool(carrier, sink);
    return true;
  }
  ReadInputs(carrier, sink);
  ReadOutputs(carrier, sink);
  return true;
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  const Fields& fields = carrier.fields;
  if (!IsOpenInference(fields)) return;
  const std::string_view kind = SpanKind(fields);
  if (usage.kind == CallKind::kNone) {
    if (kind == "LLM" || kind == "EMBEDDING" || (kind.empty() && fields.Has("llm.model_name"))) {
      usage.kind = CallKind::kModel;
    } else if (kind == "TOOL") {
      usage.kind = CallKind::kTool;
    } else if (kind == "AGENT" || kind == "CHAIN") {
      usage.kind = CallKind::kAgent;
    }
  }
  TakeInt(fields, {"llm.token_count.prompt"}, usage.input_tokens);
  TakeInt(fields, {"llm.token_count.completion"}, usage.output_tokens);
  TakeInt(
      fields,
      {"llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input"},
      usage.cache_read_tokens);
  TakeInt(fields, {"llm.token_count.prompt_details.cache_write"}, usage.cache_write_tokens);
  TakeInt(fields, {"llm.token_count.completion_details.reasoning"}, usage.reasoning_tokens);
  TakeDouble(fields, {"llm.cost.total"}, usage.cost_usd);
  TakeText(fields,
           {"llm.response.model_name", "llm.model_name", "llm.request.model_name",
            "embedding.model_name", "reranker.model_name"},
           usage.model);
  TakeText(fields, {"llm.provider", "llm.system"}, usage.provider);
  TakeText(fields, {"tool.name"}, usage.tool_name);
  if (usage.kind == CallKind::kTool && usage.tool_name.empty()) usage.tool_name = carrier.span.name;
  TakeText(fields, {"agent.name"}, usage.agent_name);
  TakeText(fields, {"session.id"}, usage.conversation_id);
}

}  // namespace

const Dialect kOpenInference = {"OpenInference", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
