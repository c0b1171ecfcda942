#include "genai/dialects/strands.h"

#include "genai/event_body.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

// A text, Bedrock blocks, or one message.
void ReadContent(std::string_view content, const Speaker& speaker, Sink& sink) {
  if (const std::optional<ParsedJson> parsed = ParseJson(content, sink.arena())) {
    PartReader reader(*parsed, sink);
    if (parsed->root.is_object() && parsed->root.Get("role") != nullptr) {
      reader.ReadMessage(parsed->root, speaker);
    } else {
      reader.ReadContent(parsed->root, speaker);
    }
    return;
  }
  const PartKind kind = speaker.role == Role::kTool ? PartKind::kToolResult : PartKind::kText;
  Message& message = sink.Add(speaker.role, kind, speaker.direction, content);
  message.tool = {speaker.tool_name, speaker.tool_id, {}};
  message.name = speaker.name;
  if (speaker.direction == Direction::kOutput) message.finish_reason = speaker.finish_reason;
}

// On a tool's span the events mean the other way round: what the tool is told, what it says.
void ReadToolEvent(const SpanCarrier& carrier, std::string_view content, Speaker speaker,
                   Sink& sink) {
  const std::string_view name = carrier.fields.Text("gen_ai.tool.name");
  std::string_view id = speaker.tool_id;
  if (id.empty()) id = carrier.fields.Text("gen_ai.tool.call.id");
  if (speaker.direction == Direction::kInput) {
    sink.AddToolCall(name, id, content, Direction::kInput);
    return;
  }
  speaker.role = Role::kTool;
  speaker.tool_id = id;
  speaker.tool_name = name;
  ReadContent(content, speaker, sink);
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  sink.FromEvents();
  const bool is_tool = carrier.fields.Text("gen_ai.operation.name") == "execute_tool";
  bool found = false;
  for (const SpanEvent& event : carrier.span.events) {
    std::optional<Speaker> speaker = SpeakerOfEvent(event.name);
    if (!speaker) continue;
    const Fields fields(event.attributes);
    if (fields.Has("gen_ai.event.content")) continue;  // read by azure
    std::string_view content = fields.Text("content");
    if (content.empty()) content = fields.Text("message");
    if (content.empty() && !fields.Has("content") && !fields.Has("message")) continue;
    found = true;
    if (const std::optional<Role> role = ParseRole(fields.Text("role"))) speaker->role = *role;
    speaker->finish_reason = FinishReasonOf(fields.Text("finish_reason"));
    speaker->tool_id = fields.Text("id");
    speaker->name = fields.Text("name");
    if (is_tool && (speaker->role == Role::kTool || speaker->direction == Direction::kOutput)) {
      ReadToolEvent(carrier, content, *speaker, sink);
      continue;
    }
    ReadContent(content, *speaker, sink);
    if (const std::string_view results = fields.Text("tool.result"); !results.empty()) {
      Speaker tool = *speaker;
      tool.role = Role::kTool;
      ReadContent(results, tool, sink);
    }
  }
  return found;
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  // Strands writes milliseconds under the name of a metric that has seconds.
  double ttft = 0;
  if (usage.ttft_ms < 0 && carrier.fields.Double("gen_ai.server.time_to_first_token", ttft)) {
    usage.ttft_ms = ttft;
  }
}

}  // namespace

const Dialect kStrands = {"strands", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
