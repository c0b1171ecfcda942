#include "genai/dialects/otel_events.h"

#include "genai/absent.h"
#include "genai/event_body.h"

namespace spanlog::genai {
namespace {

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  sink.FromEvents();
  bool found = false;
  for (const SpanEvent& event : carrier.span.events) {
    const std::optional<Speaker> speaker = SpeakerOfEvent(event.name);
    if (!speaker) continue;
    const Fields fields(event.attributes);
    if (fields.Has("gen_ai.event.content") || fields.Has("content") || fields.Has("message")) {
      continue;  // read by azure and strands
    }
    found = true;
    Message& absent =
        sink.AddAbsent(speaker->role, speaker->direction, MessageStatus::kOff, kCaptureOffHint);
    absent.finish_reason = fields.Text("finish_reason");
  }
  return found;
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  std::string_view name = carrier.record.event_name;
  if (name.empty()) name = carrier.fields.Text("event.name");
  const std::optional<Speaker> speaker = SpeakerOfEvent(name);
  if (!speaker) return false;
  RecordBody body = ReadRecordBody(carrier.record, sink.arena());
  if (body.text.empty()) {
    // Exporters without structured bodies put it into an attribute.
    body.text = carrier.fields.Text("gen_ai.event.content");
    if (body.text.empty()) body.text = carrier.fields.Text("content");
    body.json = ParseJson(body.text, sink.arena());
  }
  ReadEventBody(body, *speaker, sink);
  return true;
}

}  // namespace

const Dialect kOtelEvents = {"otel events", ReadSpan, ReadRecord, nullptr};

}  // namespace spanlog::genai
