#include "genai/dialects/codex.h"

#include "base/text.h"
#include "genai/absent.h"
#include "genai/dialects/cli_events.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kPrefix = "codex.";

bool IsCodex(std::string_view scope_name, std::string_view event) {
  return StartsWith(scope_name, "codex_otel") || StartsWith(event, kPrefix);
}

// The bare name of the event. The tracing library that Codex logs with names events after the line
// of code; what such a record is, its attributes tell.
std::string_view EventOf(const RecordCarrier& carrier) {
  for (std::string_view name :
       {carrier.record.event_name, carrier.fields.Text("event.name"), carrier.record.text}) {
    if (!StartsWith(name, kPrefix)) continue;
    name.remove_prefix(kPrefix.size());
    return name;
  }
  const Fields& fields = carrier.fields;
  if (fields.Has("prompt_length")) return "user_prompt";
  if (fields.Has("call_id") && fields.Has("output")) return "tool_result";
  if (fields.Has("call_id") && fields.Has("decision")) return "tool_decision";
  if (fields.Has("event.kind")) return "sse_event";
  return carrier.record.event_name;
}

// What the last event of a response says of its tokens. OpenAI's counts include cached input and
// reasoning, as OpenTelemetry's do.
bool ReadCall(const Fields& fields, CallUsage& usage) {
  usage.kind = CallKind::kModel;
  usage.model = fields.Text("model");
  usage.input_tokens = IntOr(fields, "input_token_count", -1);
  usage.output_tokens = IntOr(fields, "output_token_count", -1);
  usage.cache_read_tokens = IntOr(fields, "cached_token_count", -1);
  usage.reasoning_tokens = IntOr(fields, "reasoning_token_count", -1);
  return usage.input_tokens >= 0 || usage.output_tokens >= 0;
}

std::string OtherTitle(std::string_view event, const Fields& fields, Arena& arena) {
  if (event == "api_request") {
    const std::string_view status = fields.AnyText("http.response.status_code", arena);
    return Words(
        {ModelCallTitle(fields.Text("model"), -1, -1, -1, IntOr(fields, "duration_ms", -1)),
         status.empty() ? "" : "· HTTP", status, fields.Text("error.message")});
  }
  if (event == "sse_event" || event == "websocket_event") {
    CallUsage usage;
    if (ReadCall(fields, usage)) {
      return ModelCallTitle(usage.model, usage.input_tokens, usage.output_tokens, -1, -1);
    }
    return Words({event, fields.Text("event.kind"), fields.Text("error.message")});
  }
  if (event == "tool_decision") {
    const std::string_view source = fields.Text("source");
    return Words(
        {fields.Text("tool_name"), fields.Text("decision"), source.empty() ? "" : "by", source});
  }
  const std::string_view model = fields.Text("model");
  return Words({event, fields.Text("tool_name"), model.empty() ? fields.Text("slug") : model});
}

void ReadToolResult(const Fields& fields, Sink& sink) {
  std::string_view output = fields.AnyText("output", sink.arena());
  if (output.empty()) output = fields.Text("error.message");
  Message& message = sink.AddToolResult(fields.Text("tool_name"), fields.Text("call_id"), output,
                                        Direction::kOutput);
  message.tool.arguments = JsonOrText(fields, "arguments", sink.arena());
  message.failed = IsFalse(fields, "success");
  if (IsTrue(fields, "output_truncated")) {
    message.status = MessageStatus::kCut;
    message.hint = "Codex cut this output before it exported it.";
  } else if (message.text.empty() && !fields.Has("output")) {
    message.status = MessageStatus::kOff;
    message.hint = "This version of Codex does not export what its tools answer.";
  }
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  const LogRecord& record = carrier.record;
  if (!IsCodex(record.scope_name, record.event_name) &&
      !IsCodex({}, carrier.fields.Text("event.name"))) {
    return false;
  }
  const std::string_view event = EventOf(carrier);

  JoinBy(carrier, sink, "call_id", {"call_id", "gen_ai.tool.call.id"}, "tool_call_id") ||
      (carrier.span == kNoIndex &&
       JoinBy(carrier, sink, "conversation.id", {"conversation.id"}, "conversation_id"));

  const Fields& fields = carrier.fields;
  // Codex writes each event a second time without its content, meant for traces.
  if (EndsWith(record.scope_name, ".trace_safe")) {
    sink.SetRecordTitle(OtherTitle(event, fields, sink.arena()));
    return true;
  }
  if (event == "user_prompt") {
    const std::string_view prompt = fields.Text("prompt");
    Message& message = sink.Add(Role::kUser, PartKind::kText, Direction::kInput, prompt);
    if (prompt.empty()) message.status = MessageStatus::kOff;
    if (message.status != MessageStatus::kFull) message.hint = kCodexHint;
  } else if (event == "tool_result") {
    ReadToolResult(fields, sink);
  } else {
    CallUsage usage;
    const bool is_response = event == "sse_event" || event == "websocket_event";
    if (is_response && ReadCall(fields, usage)) sink.AddCall(usage);
    sink.SetRecordTitle(OtherTitle(event, fields, sink.arena()));
  }
  return true;
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  if (!IsCodex(carrier.trace.scope_of(carrier.span).name, carrier.span.name)) return;
  const Fields& fields = carrier.fields;
  const bool is_tool = fields.Has("tool_name") && fields.Has("call_id");
  if (usage.kind == CallKind::kNone && is_tool) usage.kind = CallKind::kTool;
  if (usage.kind == CallKind::kNone && fields.Has("conversation.id")) usage.kind = CallKind::kAgent;
  if (is_tool && usage.tool_name.empty()) usage.tool_name = fields.Text("tool_name");
  if (usage.model.empty()) usage.model = fields.Text("model");
  if (usage.conversation_id.empty()) usage.conversation_id = fields.Text("conversation.id");
}

}  // namespace

const Dialect kCodex = {"Codex CLI", nullptr, ReadRecord, ReadUsage};

}  // namespace spanlog::genai
