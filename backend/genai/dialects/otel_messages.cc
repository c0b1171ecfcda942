#include "genai/dialects/otel_messages.h"

#include <string>

#include "base/text.h"
#include "genai/absent.h"
#include "genai/call_title.h"
#include "genai/dialects/otel_tool.h"
#include "genai/dialects/otel_usage.h"
#include "genai/event_body.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kDetails = "gen_ai.client.inference.operation.details";
constexpr std::string_view kSystem = "gen_ai.system_instructions";
constexpr std::string_view kInput = "gen_ai.input.messages";
constexpr std::string_view kOutput = "gen_ai.output.messages";
// Where the completion hook has uploaded the content, its address.
constexpr Key kSystemReference = "gen_ai.system_instructions_ref";
constexpr Key kInputReference = "gen_ai.input.messages_ref";
constexpr Key kOutputReference = "gen_ai.output.messages_ref";

// The instructions are a list of parts, in older SDKs a text.
bool ReadSystem(const Fields& fields, Sink& sink) {
  const Value* value = fields.Find(kSystem);
  if (value == nullptr || value->text().empty()) return false;
  Speaker speaker;
  speaker.role = Role::kSystem;
  const std::string_view text = UnquotedJson(value->text(), sink.arena());
  if (const std::optional<ParsedJson> parsed = ParseJson(text, sink.arena())) {
    PartReader(*parsed, sink).ReadContent(parsed->root, speaker);
  } else {
    sink.Add(Role::kSystem, PartKind::kText, Direction::kInput, value->text());
  }
  return true;
}

bool ReadList(const Fields& fields, Key key, Direction direction, Sink& sink) {
  const Value* value = fields.Find(key);
  if (value == nullptr || value->text().empty()) return false;
  if (!ReadMessageText(value->text(), direction, sink)) {
    const Role role = direction == Direction::kInput ? Role::kUser : Role::kAssistant;
    sink.Add(role, PartKind::kText, direction, value->text());
  }
  return true;
}

bool ReadReference(const Fields& fields, Key reference, Key content, Role role, Direction direction,
                   Sink& sink) {
  const std::string_view uri = fields.Text(reference);
  if (uri.empty() || fields.Has(content)) return false;
  Message& message = sink.Add(role, PartKind::kMedia, direction,
                              sink.arena().Copy(Concat("[messages ", uri, ']')));
  message.status = MessageStatus::kOff;
  message.hint = kUploadedHint;
  return true;
}

bool ReadContent(const Fields& fields, Sink& sink) {
  bool found = ReadSystem(fields, sink);
  found |= ReadReference(fields, kSystemReference, kSystem, Role::kSystem, Direction::kInput, sink);
  found |= ReadList(fields, kInput, Direction::kInput, sink);
  found |= ReadReference(fields, kInputReference, kInput, Role::kUser, Direction::kInput, sink);
  found |= ReadList(fields, kOutput, Direction::kOutput, sink);
  found |=
      ReadReference(fields, kOutputReference, kOutput, Role::kAssistant, Direction::kOutput, sink);
  return found;
}

// Some SDKs send the event's attributes as its body.
bool ReadBody(const LogRecord& record, Sink& sink) {
  const RecordBody body = ReadRecordBody(record, sink.arena());
  if (!body.json || !body.json->root.is_object()) return false;
  PartReader reader(*body.json, sink);
  const JsonValue* system = body.json->root.Get(kSystem);
  const JsonValue* input = body.json->root.Get(kInput);
  const JsonValue* output = body.json->root.Get(kOutput);
  if (system != nullptr) {
    Speaker speaker;
    speaker.role = Role::kSystem;
    reader.ReadContent(*system, speaker);
  }
  if (input != nullptr) reader.ReadMessages(*input, Direction::kInput);
  if (output != nullptr) reader.ReadMessages(*output, Direction::kOutput);
  return system != nullptr || input != nullptr || output != nullptr;
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  bool found = ReadContent(carrier.fields, sink);
  bool begun = false;
  for (const SpanEvent& event : carrier.span.events) {
    if (event.name != kDetails) continue;
    // Strands spreads one call over several events: they are one copy.
    if (!begun) sink.BeginCopy();
    begun = true;
    sink.FromEvents();
    found |= ReadContent(Fields(event.attributes), sink);
  }
  return found;
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  const bool is_details =
      carrier.record.event_name == kDetails || carrier.fields.Text("event.name") == kDetails;
  if (!is_details && !carrier.fields.Has(kInput) && !carrier.fields.Has(kOutput)) return false;
  sink.BeginWholeCall();
  if (!ReadContent(carrier.fields, sink) && !ReadBody(carrier.record, sink) &&
      !ReadTool(carrier.fields, sink)) {
    sink.SetRecordTitle(Concat(CallTitle(carrier.fields), " (content capture off)"));
  }
  return true;
}

}  // namespace

const Dialect kOtelMessages = {"otel messages", ReadSpan, ReadRecord, ReadOtelUsage};

}  // namespace spanlog::genai
