#include "genai/event_body.h"

#include "base/text.h"
#include "genai/absent.h"

namespace spanlog::genai {
namespace {

bool IsWrapper(const JsonValue& line) {
  if (line.Get("body") == nullptr) return false;
  for (const std::string_view key :
       {"traceid", "trace_id", "traceId", "attributes", "resources", "severity"}) {
    if (line.Get(key) != nullptr) return true;
  }
  return false;
}

}  // namespace

std::optional<Speaker> SpeakerOfEvent(std::string_view event_name) {
  constexpr std::string_view kPrefix = "gen_ai.";
  constexpr std::string_view kSuffix = ".message";
  Speaker speaker;
  if (event_name == "gen_ai.choice") {
    speaker.role = Role::kAssistant;
    speaker.direction = Direction::kOutput;
    return speaker;
  }
  if (event_name.size() <= kPrefix.size() + kSuffix.size() || !StartsWith(event_name, kPrefix) ||
      !EndsWith(event_name, kSuffix)) {
    return std::nullopt;
  }
  event_name.remove_prefix(kPrefix.size());
  event_name.remove_suffix(kSuffix.size());
  speaker.role = ParseRole(event_name).value_or(Role::kUser);
  return speaker;
}

RecordBody ReadRecordBody(const LogRecord& record, Arena& arena) {
  RecordBody body;
  body.text = record.line;
  body.json = ParseJson(record.line, arena);
  if (!body.json || !IsWrapper(body.json->root)) {
    if (!body.json && !record.text.empty() && record.text != record.line) {
      body.text = record.text;
      body.json = ParseJson(record.text, arena);
    }
    return body;
  }
  const JsonValue inner = *body.json->root.Get("body");
  body.text = inner.type == JsonType::kNull ? std::string_view() : inner.text;
  if (inner.is_string()) {
    body.json = ParseJson(inner.text, arena);
  } else {
    body.json->root = inner;
  }
  return body;
}

void ReadEventBody(const RecordBody& body, const Speaker& speaker, Sink& sink) {
  if (body.json) {
    PartReader(*body.json, sink).ReadMessage(body.json->root, speaker);
  } else if (body.text.empty()) {
    sink.AddAbsent(speaker.role, speaker.direction, MessageStatus::kOff, kCaptureOffHint);
  } else {
    Message& message = sink.Add(speaker.role, PartKind::kText, speaker.direction, body.text);
    if (speaker.role == Role::kTool) message.kind = PartKind::kToolResult;
  }
}

void ReadEventList(const ParsedJson& list, Sink& sink) {
  PartReader reader(list, sink);
  for (const JsonValue& event : list.root.items) {
    std::string_view name = event.GetText("event.name");
    if (name.empty()) name = event.GetText("event_name");
    const std::optional<Speaker> speaker = SpeakerOfEvent(name);
    if (speaker) reader.ReadMessage(event, *speaker);
  }
}

}  // namespace spanlog::genai
