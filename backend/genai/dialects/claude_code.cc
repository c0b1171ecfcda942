// Events: user_prompt, assistant_response, tool_result, tool_decision, api_request, api_error and
// more each month; an unknown one gets a readable title. Content is in attributes, numbers are
// often text, input_tokens leave out cached tokens (genai.md 1.e).
#include "genai/dialects/claude_code.h"

#include <algorithm>

#include "base/text.h"
#include "genai/dialects/cli_events.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kPrefix = "claude_code.";
constexpr std::string_view kPromptHint =
    "Prompts are not exported: set OTEL_LOG_USER_PROMPTS=1 where Claude Code runs.";
constexpr std::string_view kResponseHint =
    "Responses are not exported: set OTEL_LOG_ASSISTANT_RESPONSES=1 where Claude Code runs.";
constexpr std::string_view kToolHint =
    "The tool's output is not exported: set OTEL_LOG_TOOL_CONTENT=1 where Claude Code runs.";

bool IsClaude(std::string_view scope_name, std::string_view name) {
  return StartsWith(scope_name, "com.anthropic.claude_code") || StartsWith(name, kPrefix);
}

void AddText(Sink& sink, Role role, Direction direction, std::string_view text,
             std::string_view hint) {
  if (text.empty()) {
    sink.AddAbsent(role, direction, MessageStatus::kOff, hint);
    return;
  }
  Message& message = sink.Add(role, PartKind::kText, direction, text);
  if (message.status == MessageStatus::kRedacted) message.hint = hint;
}

double Cost(const Fields& fields) {
  double cost = -1;
  if (fields.Double("cost_usd_micros", cost)) return cost / 1e6;
  return fields.Double("cost_usd", cost) ? cost : -1;
}

// Of a span or of an api_request: both use the same names.
void ReadCall(const Fields& fields, CallUsage& usage) {
  usage.kind = CallKind::kModel;
  usage.model = fields.Text("model");
  usage.response_id = fields.Text("request_id");
  usage.output_tokens = IntOr(fields, "output_tokens", -1);
  usage.cache_read_tokens = IntOr(fields, "cache_read_tokens", -1);
  usage.cache_write_tokens = IntOr(fields, "cache_creation_tokens", -1);
  const int64_t input = IntOr(fields, "input_tokens", -1);
  // OpenTelemetry's input tokens include the cached ones, Anthropic's do not.
  if (input >= 0) {
    usage.input_tokens = input + std::max<int64_t>(usage.cache_read_tokens, 0) +
                         std::max<int64_t>(usage.cache_write_tokens, 0);
  }
  usage.cost_usd = Cost(fields);
  double ttft = -1;
  if (fields.Double("ttft_ms", ttft)) usage.ttft_ms = ttft;
}

// What a tool said, of the span event that holds it: each tool names its own.
std::string_view OutputOf(const SpanEvent& event) {
  if (event.name != "tool.output") return {};
  for (const std::string_view key : {"output", "content", "result", "stdout", "diff", "stderr"}) {
    const std::string_view text = FindText(event.attributes, key);
    if (!text.empty()) return text;
  }
  return {};
}

void ReadToolResult(const RecordCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  std::string_view arguments = fields.Text("tool_input");
  if (arguments.empty()) arguments = fields.Text("tool_parameters");
  std::string_view text = fields.Text("tool_output");
  if (text.empty()) text = fields.Text("output");
  if (text.empty()) text = fields.Text("error");
  if (text.empty()) text = fields.Text("error.message");
  // The output is on the tool's span, the record comes from a helper span below it: one message.
  const uint32_t tool = FindJoined(carrier, "tool_use_id", {"tool_use_id", "gen_ai.tool.call.id"});
  bool from_event = false;
  if (tool != kNoIndex) {
    sink.SetSpan(tool);
    // Many records may name one tool, so that all of its events are too many for each.
    constexpr size_t kMostEvents = 1024;
    for (const SpanEvent& event : carrier.trace.spans[tool].events.subspan(0, kMostEvents)) {
      if (!text.empty()) break;
      text = OutputOf(event);
      from_event = !text.empty();
    }
  }
  Message& message = sink.AddToolResult(fields.Text("tool_name"), fields.Text("tool_use_id"), text,
                                        Direction::kOutput);
  message.tool.arguments = arguments;
  message.failed = IsFalse(fields, "success");
  if (from_event) message.sources |= kFromSpanEvent;
  if (text.empty()) message.status = MessageStatus::kOff;
  if (message.status != MessageStatus::kFull) message.hint = kToolHint;
}

// The first words of a request's or a response's body, as the Messages API has it.
std::string_view FirstWords(std::string_view body, Arena& arena) {
  const std::optional<ParsedJson> parsed = ParseJson(body, arena);
  const JsonValue* content = parsed ? parsed->root.Get("content") : nullptr;
  const JsonValue* messages = parsed ? parsed->root.Get("messages") : nullptr;
  if (messages != nullptr && !messages->items.empty()) {
    content = messages->items.back().Get("content");
  }
  if (content == nullptr) return {};
  if (content->is_string()) return content->text;
  for (const JsonValue& block : content->items) {
    const std::string_view text = block.GetText("text");
    if (!text.empty()) return text;
  }
  return {};
}

std::string OtherTitle(std::string_view event, const Fields& fields, Arena& arena) {
  if (event == "api_request") {
    CallUsage usage;
    ReadCall(fields, usage);
    return ModelCallTitle(usage.model, usage.input_tokens, usage.output_tokens, usage.cost_usd,
                          IntOr(fields, "duration_ms", -1));
  }
  if (event == "api_error" || event == "api_retries_exhausted") {
    return Words({"model call failed:", fields.AnyText("status_code", arena), fields.Text("error"),
                  fields.Text("model")});
  }
  if (event == "api_request_body" || event == "api_response_body") {
    std::string_view what = FirstWords(fields.Text("body"), arena);
    if (what.empty()) what = fields.Text("body_ref");
    return Words({event == "api_request_body" ? "request body:" : "response body:", what});
  }
  if (event == "tool_decision") {
    const std::string_view source = fields.Text("source");
    return Words(
        {fields.Text("tool_name"), fields.Text("decision"), source.empty() ? "" : "by", source});
  }
  return Words({event, fields.Text("tool_name"), fields.Text("model"), fields.Text("name"),
                fields.Text("server_name"), fields.Text("status")});
}

// The bare name of the event: what is not in a field is in the body.
std::string_view EventOf(const RecordCarrier& carrier) {
  std::string_view event = carrier.record.event_name;
  for (const std::string_view name :
       {carrier.fields.Text("event.name"), carrier.record.text, carrier.record.line}) {
    if (event.empty()) event = name;
  }
  if (StartsWith(event, kPrefix)) event.remove_prefix(kPrefix.size());
  return event;
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  const LogRecord& record = carrier.record;
  if (!IsClaude(record.scope_name, record.event_name) && !StartsWith(record.text, kPrefix)) {
    return false;
  }
  const std::string_view event = EventOf(carrier);

  JoinBy(carrier, sink, "tool_use_id", {"tool_use_id", "gen_ai.tool.call.id"}, "tool_call_id") ||
      JoinBy(carrier, sink, "request_id", {"request_id", "gen_ai.response.id"}, "request_id") ||
      // The coarse keys only place what names no span itself.
      (carrier.span == kNoIndex &&
       (JoinBy(carrier, sink, "prompt.id", {"prompt.id"}, "prompt_id") ||
        JoinBy(carrier, sink, "session.id", {"session.id"}, "session_id")));

  const Fields& fields = carrier.fields;
  if (event == "user_prompt") {
    AddText(sink, Role::kUser, Direction::kInput, fields.Text("prompt"), kPromptHint);
  } else if (event == "assistant_response") {
    AddText(sink, Role::kAssistant, Direction::kOutput, fields.Text("response"), kResponseHint);
  } else if (event == "tool_result") {
    ReadToolResult(carrier, sink);
  } else {
    if (event == "api_request") {
      CallUsage usage;
      ReadCall(fields, usage);
      sink.AddCall(usage);
    }
    sink.SetRecordTitle(OtherTitle(event, fields, sink.arena()));
  }
  return true;
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  if (!IsClaude(carrier.trace.scope_of(carrier.span).name, carrier.span.name)) return false;
  const std::string_view prompt = carrier.fields.Text("user_prompt");
  if (!prompt.empty()) AddText(sink, Role::kUser, Direction::kInput, prompt, kPromptHint);
  for (const SpanEvent& event : carrier.span.events) {
    const std::string_view output = OutputOf(event);
    if (output.empty()) continue;
    sink.BeginSpan(carrier.index, kFromSpanEvent);
    sink.AddToolResult(carrier.fields.Text("tool_name"), carrier.fields.Text("tool_use_id"), output,
                       Direction::kOutput);
  }
  return true;
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  const std::string_view name = carrier.span.name;
  if (!IsClaude(carrier.trace.scope_of(carrier.span).name, name)) return;
  const Fields& fields = carrier.fields;
  if (name == "claude_code.interaction") {
    usage.kind = CallKind::kAgent;
  } else if (name == "claude_code.tool") {
    usage.kind = CallKind::kTool;
    usage.tool_name = fields.Text("tool_name");
  } else if (name == "claude_code.llm_request") {
    ReadCall(fields, usage);
  }
  if (usage.conversation_id.empty()) usage.conversation_id = fields.Text("session.id");
}

}  // namespace

const Dialect kClaudeCode = {"Claude Code", ReadSpan, ReadRecord, ReadUsage};

}  // namespace spanlog::genai
