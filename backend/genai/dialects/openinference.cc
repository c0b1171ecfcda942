// llm.input_messages.N.message.*, llm.output_messages.N.message.*; input.value and output.value only
// where those are missing; retrieval.documents.N; tool spans by tool.* and input/output
// (OpenInference semantic conventions, genai.md 1.c).
#include "genai/dialects/openinference.h"

#include <string>

#include "base/text.h"
#include "genai/dialects/indexed.h"
#include "genai/media.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kHint =
    "OpenInference hid this: look for OPENINFERENCE_HIDE_* where the application runs.";

std::string_view SpanKind(const Fields& fields) { return fields.Text("openinference.span.kind"); }

bool IsOpenInference(const Fields& fields) {
  return fields.Has("openinference.span.kind") || fields.Has("llm.model_name");
}

void MarkHidden(Message& message) {
  if (message.status == MessageStatus::kRedacted) message.hint = kHint;
}

// A part in OpenAI's shape, so that one reader names all media.
std::string_view MediaLine(std::string_view kind, std::string_view url, Arena& arena) {
  JsonValue link;
  link.type = JsonType::kString;
  link.text = url;
  const JsonMember in_url[] = {{"url", link}};
  JsonValue holder;
  holder.type = JsonType::kObject;
  holder.members = in_url;
  const JsonMember in_part[] = {{"image_url", holder}};
  JsonValue part;
  part.type = JsonType::kObject;
  part.members = in_part;
  return MediaText(part, kind, arena);
}

void ReadContents(Attributes message, const Speaker& speaker, Sink& sink) {
  for (const auto& [index, fields] : ByIndex(message, "message.contents.")) {
    const std::string_view type = FindText(fields, "message_content.type");
    const std::string_view text = FindText(fields, "message_content.text");
    const std::string_view image = FindText(fields, "message_content.image.image.url");
    const std::string_view audio = FindText(fields, "message_content.audio.audio.url");
    if (!text.empty()) {
      const PartKind kind = type == "reasoning" ? PartKind::kReasoning : PartKind::kText;
      MarkHidden(sink.Add(speaker.role, kind, speaker.direction, text));
    } else if (!image.empty()) {
      sink.Add(speaker.role, PartKind::kMedia, speaker.direction,
               MediaLine("image", image, sink.arena()));
    } else if (!audio.empty()) {
      sink.Add(speaker.role, PartKind::kMedia, speaker.direction,
               MediaLine("audio", audio, sink.arena()));
    }
  }
}

void ReadMessage(Attributes message, Direction direction, int choice, std::string_view finish,
                 Sink& sink) {
  Speaker speaker;
  speaker.direction = direction;
  speaker.role = ParseRole(FindText(message, "message.role"))
                     .value_or(direction == Direction::kInput ? Role::kUser : Role::kAssistant);
  const std::string_view name = FindText(message, "message.name");
  const std::string_view tool_id = FindText(message, "message.tool_call_id");
  const std::string_view content = FindText(message, "message.content");
  if (speaker.role == Role::kTool || !tool_id.empty()) {
    MarkHidden(sink.AddToolResult(name, tool_id, content, direction));
  } else if (!content.empty()) {
    Message& row = sink.Add(speaker.role, PartKind::kText, direction, content);
    row.name = name;
    row.choice = choice;
    row.finish_reason = finish;
    MarkHidden(row);
  }
  ReadContents(message, speaker, sink);
  for (const auto& [index, call] : ByIndex(message, "message.tool_calls.")) {
    Message& row = sink.AddToolCall(FindText(call, "tool_call.function.name"),
                                    FindText(call, "tool_call.id"),
                                    FindText(call, "tool_call.function.arguments"), direction);
    row.choice = choice;
    row.finish_reason = finish;
    MarkHidden(row);
  }
}

bool ReadList(const SpanCarrier& carrier, std::string_view prefix, Direction direction,
              Sink& sink) {
  const auto messages = ByIndex(carrier.span.attributes, prefix);
  const bool choices = direction == Direction::kOutput && messages.size() > 1;
  const std::string_view finish = direction == Direction::kOutput && !choices
                                      ? carrier.fields.Text("llm.finish_reason")
                                      : std::string_view();
  for (const auto& [index, message] : messages) {
    ReadMessage(message, direction, choices ? static_cast<int>(index) : -1, finish, sink);
  }
  return !messages.empty();
}

// Completions API: llm.prompts.N.prompt.text, llm.choices.N.completion.text.
bool ReadTexts(const SpanCarrier& carrier, std::string_view prefix, std::string_view key,
               Role role, Direction direction, Sink& sink) {
  bool any = false;
  for (const auto& [index, element] : ByIndex(carrier.span.attributes, prefix)) {
    const std::string_view text = FindText(element, key);
    if (text.empty()) continue;
    MarkHidden(sink.Add(role, PartKind::kText, direction, text));
    any = true;
  }
  return any;
}

// A request or an answer of a provider's API as JSON: its messages; else the text itself.
void ReadValue(std::string_view text, Role role, Direction direction, Sink& sink) {
  if (text.empty()) return;
  const std::optional<ParsedJson> parsed = ParseJson(text, sink.arena());
  const JsonValue* messages = nullptr;
  if (parsed && parsed->root.is_object()) {
    messages = parsed->root.Get("messages");
    if (messages == nullptr) messages = parsed->root.Get("choices");
  } else if (parsed && parsed->root.is_array()) {
    messages = &parsed->root;
  }
  if (messages != nullptr && messages->is_array() && !messages->items.empty() &&
      messages->items[0].is_object() &&
      (messages->items[0].Get("role") != nullptr || messages->items[0].Get("message") != nullptr)) {
    PartReader reader(*parsed, sink);
    for (const JsonValue& item : messages->items) {
      const JsonValue* inner = item.Get("message");
      reader.ReadMessages(inner == nullptr ? item : *inner, direction);
    }
    return;
  }
  MarkHidden(sink.Add(role, PartKind::kText, direction, text));
}

void ReadTool(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  const std::string_view name = fields.Text("tool.name");
  std::string_view id = fields.Text("tool.id");
  if (id.empty()) id = fields.Text("tool_call.id");
  std::string_view arguments = fields.Text("input.value");
  if (arguments.empty()) arguments = fields.Text("tool.parameters");
  const std::string_view result = fields.Text("output.value");
  if (!arguments.empty()) {
    Message& call = sink.AddToolCall(name, id, arguments, Direction::kInput);
    call.role = Role::kTool;
    MarkHidden(call);
  }
  if (!result.empty()) MarkHidden(sink.AddToolResult(name, id, result, Direction::kOutput));
}

void ReadDocuments(const SpanCarrier& carrier, Sink& sink) {
  for (const auto& [index, document] :
       ByIndex(carrier.span.attributes, "retrieval.documents.")) {
    const std::string_view text = FindText(document, "document.content");
    if (text.empty()) continue;
    MarkHidden(sink.AddToolResult("retrieval", FindText(document, "document.id"), text,
                                  Direction::kOutput));
  }
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  if (!IsOpenInference(fields)) return false;
  if (SpanKind(fields) == "TOOL") {
    ReadTool(carrier, sink);
    return true;
  }
  const bool inputs =
      ReadList(carrier, "llm.input_messages.", Direction::kInput, sink) ||
      ReadTexts(carrier, "llm.prompts.", "prompt.text", Role::kUser, Direction::kInput, sink);
  if (!inputs) ReadValue(fields.Text("input.value"), Role::kUser, Direction::kInput, sink);
  const bool outputs =
      ReadList(carrier, "llm.output_messages.", Direction::kOutput, sink) ||
      ReadTexts(carrier, "llm.choices.", "completion.text", Role::kAssistant, Direction::kOutput,
                sink);
  ReadDocuments(carrier, sink);
  if (!outputs && SpanKind(fields) != "RETRIEVER") {
    ReadValue(fields.Text("output.value"), Role::kAssistant, Direction::kOutput, sink);
  }
  return true;
}

void SetInt(const Fields& fields, std::string_view key, int64_t& out) {
  int64_t value = 0;
  if (out < 0 && fields.Int(key, value)) out = value;
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
  SetInt(fields, "llm.token_count.prompt", usage.input_tokens);
  SetInt(fields, "llm.token_count.completion", usage.output_tokens);
  SetInt(fields, "llm.token_count.prompt_details.cache_read", usage.cache_read_tokens);
  SetInt(fields, "llm.token_count.prompt_details.cache_write", usage.cache_write_tokens);
  SetInt(fields, "llm.token_count.completion_details.reasoning", usage.reasoning_tokens);
  double cost = 0;
  if (usage.cost_usd < 0 && fields.Double("llm.cost.total", cost)) usage.cost_usd = cost;
  if (usage.model.empty()) usage.model = fields.Text("llm.model_name");
  if (usage.model.empty()) usage.model = fields.Text("embedding.model_name");
  if (usage.provider.empty()) usage.provider = fields.Text("llm.provider");
  if (usage.provider.empty()) usage.provider = fields.Text("llm.system");
  if (usage.tool_name.empty()) usage.tool_name = fields.Text("tool.name");
  if (usage.agent_name.empty()) usage.agent_name = fields.Text("agent.name");
  if (usage.conversation_id.empty()) usage.conversation_id = fields.Text("session.id");
}

}  // namespace

const Dialect kOpenInference = {"OpenInference", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
