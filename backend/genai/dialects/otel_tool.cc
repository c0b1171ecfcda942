#include "genai/dialects/otel_tool.h"

#include "base/text.h"
#include "genai/tool_failure.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kArguments = "gen_ai.tool.call.arguments";
constexpr std::string_view kResult = "gen_ai.tool.call.result";

// A value, or the map that Loki flattened.
std::string_view ValueOf(const Fields& fields, Key key, Arena& arena) {
  const std::string_view text = fields.AnyText(key, arena);
  return text.empty() ? fields.FlattenedMap(key.text(), arena) : text;
}

}  // namespace

bool ReadTool(const Fields& fields, Sink& sink) {
  const std::string_view name = fields.Text("gen_ai.tool.name");
  std::string_view id = fields.Text("gen_ai.tool.call.id");
  if (id.empty()) id = fields.Text("gen_ai.tool.call_id");
  std::string_view arguments = ValueOf(fields, kArguments, sink.arena());
  std::string_view result = ValueOf(fields, kResult, sink.arena());
  // OpenLLMetry says both again under its own names, which its own row reads.
  if (fields.Text("traceloop.span.kind") == "tool") {
    if (fields.Has("traceloop.entity.input")) arguments = {};
    if (fields.Has("traceloop.entity.output")) result = {};
  }
  if (!arguments.empty()) sink.AddToolCall(name, id, arguments, Direction::kInput);
  if (!result.empty()) {
    sink.AddToolResult(name, id, result, Direction::kOutput).failed =
        SaysFailed(fields) || IsFailedEnvelope(result, sink.arena());
  }
  return !arguments.empty() || !result.empty();
}

namespace {

bool ReadSpan(const SpanCarrier& carrier, Sink& sink) {
  // MCP wraps its results in an envelope, which its own row opens.
  if (carrier.fields.Has("mcp.method.name")) return false;
  return ReadTool(carrier.fields, sink);
}

bool ReadRecord(const RecordCarrier& carrier, Sink& sink) {
  // An application's own line that names its tool keeps its words.
  if (!carrier.record.line.empty() && !StartsWith(carrier.record.event_name, "gen_ai.")) {
    return false;
  }
  const size_t before = sink.carrier_messages();
  sink.BeginWholeCall();
  return ReadTool(carrier.fields, sink) && sink.carrier_messages() > before;
}

}  // namespace

const Dialect kOtelTool = {"otel tool", ReadSpan, ReadRecord, nullptr};

}  // namespace spanlog::genai
