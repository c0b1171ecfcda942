// Its gen_ai.client.inference.operation.details events are OpenTelemetry's and read there; here are
// the CLI's own events and its span names (genai.md 1.e).
#include "genai/dialects/gemini_cli.h"

#include "base/text.h"
#include "genai/dialects/cli_events.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kPrefix = "gemini_cli.";
constexpr std::string_view kPromptHint =
    "Gemini CLI does not export prompts: set telemetry.logPrompts to true in its settings.json.";

void ReadResponse(const Fields& fields, Sink& sink) {
  const std::string_view text = fields.Text("response_text");
  Message& message = sink.Add(Role::kAssistant, PartKind::kText, Direction::kOutput, text);
  if (text.empty()) {
    message.status = MessageStatus::kOff;
    message.hint = kPromptHint;
  }
  const std::optional<ParsedJson> reasons = fields.Json("finish_reasons", sink.arena());
  if (reasons && !reasons->root.items.empty()) {
    message.finish_reason = reasons->root.items[0].text;
  }
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  std::string_view event = carrier.record.event_name;
  if (!StartsWith(event, kPrefix)) return false;
  event.remove_prefix(kPrefix.size());
  const Fields& fields = carrier.fields;
  Arena& arena = sink.arena();
  if (carrier.span == kNoIndex) {
    JoinBy(carrier, sink, "prompt_id", {"prompt_id"}, "prompt_id") ||
        JoinBy(carrier, sink, "session.id", {"gen_ai.conversation.id", "session.id"}, "session_id");
  }

  if (event == "user_prompt") {
    const std::string_view prompt = fields.Text("prompt");
    Message& message = sink.Add(Role::kUser, PartKind::kText, Direction::kInput, prompt);
    if (prompt.empty()) message.status = MessageStatus::kOff;
    if (message.status != MessageStatus::kFull) message.hint = kPromptHint;
  } else if (event == "api_response") {
    ReadResponse(fields, sink);
  } else if (event == "tool_call") {
    Message& message = sink.AddToolResult(fields.Text("function_name"), fields.Text("call_id"),
                                          fields.Text("error"), Direction::kOutput);
    message.tool.arguments = fields.Text("function_args");
    if (message.text.empty()) {
      message.status = MessageStatus::kOff;
      message.hint = "Gemini CLI does not export what its tools answer.";
    }
  } else if (event == "api_request") {
    sink.SetRecordTitle(Words({"request to", fields.Text("model")}));
  } else if (event == "api_error") {
    sink.SetRecordTitle(Words({"model call failed:", fields.AnyText("status_code", arena),
                               fields.Text("error"), fields.Text("model")}));
  } else {
    const std::string_view line = carrier.record.line;
    sink.SetRecordTitle(line.empty() ? Words({event, fields.Text("model"),
                                              fields.Text("function_name")})
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
  if (operation == "tool_call" || operation == "schedule_tool_calls") usage.kind = CallKind::kTool;
  if (operation == "user_prompt" || operation == "agent_call") usage.kind = CallKind::kAgent;
  if (usage.tool_name.empty()) usage.tool_name = carrier.fields.Text("gen_ai.tool.name");
}

}  // namespace

const Dialect kGeminiCli = {"Gemini CLI", nullptr, ReadRecord, ReadUsage};

}  // namespace spanlog::genai
