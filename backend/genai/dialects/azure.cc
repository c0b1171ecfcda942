#include "genai/dialects/azure.h"

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
    if (!fields.Has("gen_ai.event.content")) continue;
    found = true;
    RecordBody body;
    body.text = fields.Text("gen_ai.event.content");
    body.json = ParseJson(body.text, sink.arena());
    ReadEventBody(body, *speaker, sink);
  }
  return found;
}

}  // namespace

const Dialect kAzure = {"azure", ReadSpan, nullptr, nullptr};

}  // namespace spanlog::genai
