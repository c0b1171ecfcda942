#include "genai/dialects/otel_content.h"

#include <algorithm>
#include <optional>

#include "genai/event_body.h"
#include "genai/parts.h"
#include "genai/run_json.h"

namespace spanlog::genai {
namespace {

bool ReadContent(std::string_view event_name, std::string_view text, Sink& sink) {
  const bool is_prompt = event_name == "gen_ai.content.prompt";
  if (text.empty()) return false;
  const Direction direction = is_prompt ? Direction::kInput : Direction::kOutput;
  if (!ReadMessageText(text, direction, sink)) {
    sink.Add(is_prompt ? Role::kUser : Role::kAssistant, PartKind::kText, direction, text);
  }
  return true;
}

bool IsContentEvent(std::string_view name) {
  return name == "gen_ai.content.prompt" || name == "gen_ai.content.completion";
}

std::string_view ContentOf(std::string_view event_name, const Fields& fields) {
  return fields.Text(event_name == "gen_ai.content.prompt" ? "gen_ai.prompt" : "gen_ai.completion");
}

// Messages, a list of texts, or a text.
void ReadAttribute(std::string_view text, Role role, Direction direction, Sink& sink) {
  const std::optional<ParsedJson> parsed = ParseJson(text, sink.arena());
  const auto is_text = [](const JsonValue& item) { return item.is_string(); };
  if (parsed && !parsed->root.items.empty() &&
      std::all_of(parsed->root.items.begin(), parsed->root.items.end(), is_text)) {
    PartReader(*parsed, sink).ReadMessages(parsed->root, direction);
    return;
  }
  ReadRun(text, role, direction, false, sink);
}

// Some write what belongs on the events onto the span. LangSmith does so too, in its own shapes.
bool ReadAttributes(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  if (fields.Has("langsmith.span.kind") || fields.Has("langsmith.trace.name")) return false;
  const std::string_view prompt = fields.Text("gen_ai.prompt");
  const std::string_view completion = fields.Text("gen_ai.completion");
  if (prompt.empty() && completion.empty()) return false;
  ReadAttribute(prompt, Role::kUser, Direction::kInput, sink);
  ReadAttribute(completion, Role::kAssistant, Direction::kOutput, sink);
  return true;
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const bool on_span = ReadAttributes(carrier, sink);
  if (on_span) sink.BeginCopy();
  sink.FromEvents();
  bool found = false;
  for (const SpanEvent& event : carrier.span.events) {
    if (!IsContentEvent(event.name)) continue;
    found |= ReadContent(event.name, ContentOf(event.name, Fields(event.attributes)), sink);
  }
  return found || on_span;
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  const std::string_view name = carrier.record.event_name;
  if (!IsContentEvent(name)) return false;
  std::string_view text = ContentOf(name, carrier.fields);
  if (text.empty()) text = ReadRecordBody(carrier.record, sink.arena()).text;
  return ReadContent(name, text, sink);
}

}  // namespace

const Dialect kOtelContent = {"otel content events", ReadSpan, ReadRecord, nullptr};

}  // namespace spanlog::genai
