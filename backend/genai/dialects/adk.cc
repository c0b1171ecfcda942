#include "genai/dialects/adk.h"

#include "base/text.h"
#include "genai/absent.h"
#include "genai/dialects/take.h"
#include "genai/parts.h"
#include "genai/tool_failure.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kRequest = "gcp.vertex.agent.llm_request";
constexpr std::string_view kResponse = "gcp.vertex.agent.llm_response";
constexpr std::string_view kArguments = "gcp.vertex.agent.tool_call_args";
constexpr std::string_view kResult = "gcp.vertex.agent.tool_response";
constexpr std::string_view kData = "gcp.vertex.agent.data";  // contents sent to a live model

// What ADK writes where there is nothing, or nothing may be written.
bool IsNothing(std::string_view text) { return text.empty() || text == "{}" || text == "N/A"; }

const JsonValue* Either(const JsonValue& object, std::string_view a, std::string_view b) {
  const JsonValue* value = object.Get(a);
  return value != nullptr ? value : object.Get(b);
}

void ReadRequest(const ParsedJson& request, Sink& sink) {
  PartReader reader(request, sink);
  const JsonValue* config = request.root.Get("config");
  const JsonValue* system =
      config == nullptr ? nullptr : Either(*config, "system_instruction", "systemInstruction");
  if (system != nullptr && system->type != JsonType::kNull) {
    Speaker speaker;
    speaker.role = Role::kSystem;
    const JsonValue* parts = system->Get("parts");
    reader.ReadContent(parts != nullptr ? *parts : *system, speaker);
  }
  if (const JsonValue* contents = request.root.Get("contents")) {
    reader.ReadMessages(*contents, Direction::kInput);
  }
}

void ReadResponse(const ParsedJson& response, Sink& sink) {
  const JsonValue* content = response.root.Get("content");
  if (content == nullptr || !content->is_object()) return;
  Speaker speaker;
  speaker.role = Role::kAssistant;
  speaker.direction = Direction::kOutput;
  std::string_view finish = response.root.GetText("finish_reason");
  if (finish.empty()) finish = response.root.GetText("finishReason");
  speaker.finish_reason = FinishReasonOf(finish);
  PartReader(response, sink).ReadMessage(*content, speaker);
}

// {"result":"<not serializable>"} says as little as the marker alone.
std::string_view Unmarked(std::string_view text, Arena& arena) {
  const std::optional<ParsedJson> parsed = ParseJson(text, arena);
  if (!parsed || parsed->root.members.size() != 1) return text;
  const JsonValue& only = parsed->root.members[0].value;
  return only.is_string() && FindAbsentMarker(only.text) != nullptr ? only.text : text;
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  bool found = false;
  if (const std::string_view text = fields.Text(kRequest); !IsNothing(text)) {
    if (const auto request = ParseJson(text, sink.arena())) ReadRequest(*request, sink);
    found = true;
  }
  if (const std::string_view text = fields.Text(kResponse); !IsNothing(text)) {
    if (const auto response = ParseJson(text, sink.arena())) ReadResponse(*response, sink);
    found = true;
  }
  if (const std::string_view text = fields.Text(kData); !IsNothing(text)) {
    found |= ReadMessageText(text, Direction::kInput, sink);
  }
  const std::string_view name = fields.Text("gen_ai.tool.name");
  // The answers of parallel calls in one event, after each has told its own.
  if (name == "(merged tools)") return true;
  const std::string_view id = fields.Text("gen_ai.tool.call.id");
  if (const std::string_view text = fields.Text(kArguments); !text.empty() && text != "N/A") {
    sink.AddToolCall(name, id, Unmarked(text, sink.arena()), Direction::kInput);
    found = true;
  }
  if (const std::string_view text = fields.Text(kResult); !IsNothing(text)) {
    const std::string_view result = Unmarked(text, sink.arena());
    sink.AddToolResult(name, id, result, Direction::kOutput).failed =
        IsFailedEnvelope(result, sink.arena());
    found = true;
  }
  return found;
}

void TakeCount(const JsonValue& usage, std::string_view snake, std::string_view camel,
               int64_t& out) {
  const JsonValue* value = Either(usage, snake, camel);
  if (out < 0 && value != nullptr && value->type == JsonType::kNumber) {
    out = TokensOf(value->number);
  }
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena& arena) {
  const Fields& fields = carrier.fields;
  if (usage.kind == CallKind::kNone || usage.kind == CallKind::kModel) {
    const std::string_view name = carrier.span.name;
    const bool is_adk = carrier.trace.scope_of(carrier.span).name == "gcp.vertex.agent";
    if (!IsNothing(fields.Text(kRequest)) || (is_adk && name == "call_llm")) {
      usage.kind = CallKind::kModel;
    } else if (is_adk && (name == "invocation" || StartsWith(name, "agent_run"))) {
      usage.kind = CallKind::kAgent;
    }
  }
  if (usage.conversation_id.empty()) {
    usage.conversation_id = fields.Text("gcp.vertex.agent.session_id");
  }
  if (usage.input_tokens >= 0 && usage.output_tokens >= 0) return;
  const std::optional<ParsedJson> response = fields.Json(kResponse, arena);
  const JsonValue* counts =
      response ? Either(response->root, "usage_metadata", "usageMetadata") : nullptr;
  if (counts == nullptr) return;
  TakeCount(*counts, "prompt_token_count", "promptTokenCount", usage.input_tokens);
  TakeCount(*counts, "cached_content_token_count", "cachedContentTokenCount",
            usage.cache_read_tokens);
  TakeCount(*counts, "thoughts_token_count", "thoughtsTokenCount", usage.reasoning_tokens);
  // Gemini counts thoughts beside the candidates, OpenTelemetry inside the output.
  const bool is_unset = usage.output_tokens < 0;
  TakeCount(*counts, "candidates_token_count", "candidatesTokenCount", usage.output_tokens);
  if (is_unset && usage.output_tokens >= 0 && usage.reasoning_tokens > 0) {
    usage.output_tokens += usage.reasoning_tokens;
  }
}

}  // namespace

const Dialect kAdk = {"google adk", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
