#include "genai/dialects/codex.h"

#include "base/text.h"
#include "genai/dialects/cli_events.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kPrefix = "codex.";
constexpr std::string_view kPromptHint =
    "Codex does not export prompts: set log_user_prompt = true under [otel] in its config.toml.";

bool IsCodex(std::string_view scope_name, std::string_view event) {
  return StartsWith(scope_name, "codex_otel") || StartsWith(event, kPrefix);
}

int64_t IntOr(const Fields& fields, std::string_view key) {
  int64_t value = -1;
  return fields.Int(key, value) ? value : -1;
}

std::string OtherTitle(std::string_view event, const Fields& fields, Arena& arena) {
  if (event == "api_request") {
    const std::string_view status = fields.AnyText("http.response.status_code", arena);
    return Words({ModelCallTitle(fields.Text("model"), -1, -1, -1, IntOr(fields, "duration_ms")),
                  status.empty() ? "" : "· HTTP", status, fields.Text("error.message")});
  }
  if (event == "sse_event" || event == "websocket_event") {
    const int64_t input = IntOr(fields, "input_token_count");
    const int64_t output = IntOr(fields, "output_token_count");
    if (input >= 0 || output >= 0) {
      return ModelCallTitle(fields.Text("model"), input, output, -1, -1);
    }
    return Words({event, fields.Text("event.kind"), fields.Text("error.message")});
  }
  if (event == "tool_decision") {
    const std::string_view source = fields.Text("source");
    return Words({fields.Text("tool_name"), fields.Text("decision"),
                  source.empty() ? "" : "by", source});
  }
  return Words({event, fields.Text("tool_name"), fields.Text("model"), fields.Text("slug")});
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  const LogRecord& record = carrier.record;
  std::string_view event = record.event_name;
  if (!IsCodex(record.scope_name, event)) return false;
  if (StartsWith(event, kPrefix)) event.remove_prefix(kPrefix.size());

  JoinBy(carrier, sink, "call_id", {"call_id", "gen_ai.tool.call.id"}, "tool_call_id") ||
      (carrier.span == kNoIndex &&
       JoinBy(carrier, sink, "conversation.id", {"conversation.id"}, "conversation_id"));

  const Fields& fields = carrier.fields;
  if (event == "user_prompt") {
    const std::string_view prompt = fields.Text("prompt");
    Message& message = sink.Add(Role::kUser, PartKind::kText, Direction::kInput, prompt);
    if (prompt.empty()) message.status = MessageStatus::kOff;
    if (message.status != MessageStatus::kFull) message.hint = kPromptHint;
  } else if (event == "tool_result") {
    Message& message = sink.AddToolResult(fields.Text("tool_name"), fields.Text("call_id"),
                                          fields.Text("output"), Direction::kOutput);
    message.tool.arguments = fields.Text("arguments");
    if (fields.Text("output_truncated") == "true") {
      message.status = MessageStatus::kCut;
      message.hint = "Codex cut this output before it exported it.";
    }
  } else {
    sink.SetRecordTitle(sink.arena().Copy(OtherTitle(event, fields, sink.arena())));
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
