// gen_ai.tool.call.arguments and .result, or OpenLLMetry's mcp.request.argument and
// mcp.response.value. A result is an envelope {"content":[{"type":"text","text":…}],"isError":…}:
// its text is what a person reads, the envelope stays beside it.
#include "genai/dialects/mcp.h"

#include "base/text.h"
#include "genai/parts.h"
#include "genai/tool_failure.h"

namespace spanlog::genai {
namespace {

bool IsMcp(const Fields& fields) {
  return fields.Has("mcp.method.name") || fields.Has("mcp.request.argument") ||
         fields.Has("mcp.response.value");
}

std::string_view FirstText(const Fields& fields, std::string_view a, std::string_view b,
                           Arena& arena) {
  const std::string_view text = fields.AnyText(a, arena);
  return text.empty() ? fields.AnyText(b, arena) : text;
}

// Spans without gen_ai.tool.name have it in their own: "tools/call get-weather".
std::string_view ToolName(const SpanCarrier& carrier) {
  constexpr std::string_view kCall = "tools/call ";
  const std::string_view name = carrier.fields.Text("gen_ai.tool.name");
  if (!name.empty() || !StartsWith(carrier.span.name, kCall)) return name;
  return carrier.span.name.substr(kCall.size());
}

// The result inside a whole answer of the protocol: {"jsonrpc":…,"result":{…}}.
const JsonValue& ResultOf(const JsonValue& root) {
  const JsonValue* inner = root.Get("jsonrpc") != nullptr ? root.Get("result") : nullptr;
  return inner != nullptr ? *inner : root;
}

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  const Fields& fields = carrier.fields;
  if (!IsMcp(fields)) return false;
  const std::string_view name = ToolName(carrier);
  const std::string_view id = fields.Text("gen_ai.tool.call.id");
  const std::string_view arguments =
      FirstText(fields, "gen_ai.tool.call.arguments", "mcp.request.argument", sink.arena());
  const std::string_view result =
      FirstText(fields, "gen_ai.tool.call.result", "mcp.response.value", sink.arena());
  if (!arguments.empty()) {
    sink.AddToolCall(name, id, arguments, Direction::kInput).role = Role::kTool;
  }
  if (!result.empty()) {
    std::string_view text = result;
    const std::optional<ParsedJson> parsed = ParseJson(result, sink.arena());
    const JsonValue* envelope = parsed ? &ResultOf(parsed->root) : nullptr;
    const JsonValue* content = envelope != nullptr ? envelope->Get("content") : nullptr;
    if (content != nullptr && content->is_array()) text = BlocksText(*content, sink.arena());
    Message& message = sink.AddToolResult(name, id, text, Direction::kOutput);
    if (text.data() != result.data()) message.tool.result = result;
    message.failed = envelope != nullptr && SaysFailed(*envelope);
  }
  return true;
}

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  const Fields& fields = carrier.fields;
  if (!IsMcp(fields)) return;
  if (usage.kind == CallKind::kNone && fields.Text("mcp.method.name") == "tools/call") {
    usage.kind = CallKind::kTool;
  }
  if (usage.tool_name.empty()) usage.tool_name = ToolName(carrier);
}

}  // namespace

const Dialect kMcp = {"MCP", ReadSpan, nullptr, ReadUsage};

}  // namespace spanlog::genai
