// Its gen_ai.client.inference.operation.details events are OpenTelemetry's and read there; here are
// the CLI's own events and its span names (genai.md 1.e).
#include "genai/dialects/gemini_cli.h"

#include "base/text.h"
#include "genai/absent.h"
#include "genai/dialects/cli_events.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kPrefix = "gemini_cli.";

std::string_view ErrorText(const Fields& fields) {
  const std::string_view text = fields.Text("error");
  return text.empty() ? fields.Text("error.message") : text;
}

void ReadResponse(const Fields& fields, Sink& sink) {
  const std::string_view text = fields.Text("response_text");
  Message& message = sink.Add(Role::kAssistant, PartKind::kText, Direction::kOutput, text);
  if (text.empty()) {
    message.status = MessageStatus::kOff;
    message.hint = kGeminiNoTextHint;
  }
  const std::optional<ParsedJson> reasons = fields.Json("finish_reasons", sink.arena());
  if (reasons && !reasons->root.items.empty()) {
    message.finish_reason = FinishReasonOf(reasons->root.items[0].text);
  } else if (!reasons) {
    message.finish_reason = FinishReasonOf(fields.Text("finish_reasons"));
  }
  CallUsage usage;
  usage.kind = CallKind::kModel;
  usage.model = fields.Text("model");
  usage.input_tokens = IntOr(fields, "input_token_count", -1);
  usage.output_tokens = IntOr(fields, "output_token_count", -1);
  usage.cache_read_tokens = IntOr(fields, "cached_content_token_count", -1);
  usage.reasoning_tokens = IntOr(fields, "thoughts_token_count", -1);
  // Gemini counts thoughts beside the candidates, OpenTelemetry inside the output.
  if (usage.output_tokens >= 0 && usage.reasoning_tokens > 0) {
    usage.output_tokens += usage.reasoning_tokens;
  }
  sink.AddCall(usage);
}

void ReadToolCall(const Fields& fields, Sink& sink) {
  std::string_view id = fields.Text("call_id");
  if (id.empty()) id = fields.Text("gen_ai.tool.call_id");
  Message& message =
      sink.AddToolResult(fields.Text("function_name"), id, ErrorText(fields), Direction::kOutput);
  message.tool.arguments = JsonOrText(fields, "function_args", sink.arena());
  message.failed = IsFalse(fields, "success");
  if (message.text.empty()) {
    message.status = MessageStatus::kOff;
    message.hint = kGeminiToolHint;
  }
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  std::string_view event = carrier.record.event_name;
  if (!StartsWith(event, kPrefix)) event = carrier.fields.Text("event.name");
  if (!StartsWith(event, kPrefix)) return false;
  event.remove_prefix(kPrefix.size());
  const Fields& fields = carrier.fields;
  Arena& arena = sink.arena();
  if (event == "user_prompt") {
    const std::string_view prompt = fields.Text("prompt");
    Message& message = sink.Add(Role::kUser, PartKind::kText, Direction::kInput, prompt);
    if (prompt.empty()) message.status = MessageStatus::kOff;
    if (message.status != MessageStatus::kFull) message.hint = kGeminiCliHint;
  } else if (event == "api_response") {
    ReadResponse(fields, sink);
  } else if (event == "tool_call") {
    ReadToolCall(fields, sink);
  } else if (event == "api_request") {
    sink.SetRecordTitle(Words({"request to", fields.Text("model")}));
  } else if (event == "api_error") {
    sink.SetRecordTitle(Words({"model call failed:", fields.AnyText("status_code", arena),
                               ErrorText(fields), fields.Text("model")}));
  } else {
    const std::string_view line = carrier.record.line;
    sink.SetRecordTitle(line.empty()
                            ? Words({event, fields.Text("model"), fields.Text("function_name")})
                            : std::string(line));
  }
  return true;
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  const std::string_view operation = carrier.fields.Text("gen_ai.operation.name");
  const bool is_cli = carrier.trace.scope_of(carrier.span).name == "gemini-cli" ||
                      carrier.fields.Text("gen_ai.agent.name") == "gemini-cli";
  if (!is_cli) return;
  if (operation == "llm_call") usage.kind = CallKind::kModel;
  if (operation == "tool_call") usage.kind = CallKind::kTool;
  if (operation == "user_prompt" || operation == "agent_call") usage.kind = CallKind::kAgent;
  if (usage.tool_name.empty()) usage.tool_name = carrier.fields.Text("gen_ai.tool.name");
}

}  // namespace

const Dialect kGeminiCli = {"Gemini CLI", nullptr, ReadRecord, ReadUsage};

}  // namespace spanlog::genai
