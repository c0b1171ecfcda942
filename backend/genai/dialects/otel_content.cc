#include "genai/dialects/otel_content.h"

#include "genai/event_body.h"
#include "genai/parts.h"

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
  return fields.Text(event_name == "gen_ai.content.prompt" ? "gen_ai.prompt"
                                                           : "gen_ai.completion");
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  sink.FromEvents();
  bool found = false;
  for (const SpanEvent& event : carrier.span.events) {
    if (!IsContentEvent(event.name)) continue;
    found |= ReadContent(event.name, ContentOf(event.name, Fields(event.attributes)), sink);
  }
  return found;
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
