#include "genai/tool_outcomes.h"

#include <algorithm>

#include "base/text.h"

namespace spanlog::genai {
namespace {

bool BothAndDiffer(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && a != b;
}

// What the spans of one id agree on.
struct Told {
  bool failed;
  std::string_view tool;
};

// On a tool's own span the call is its input and the result its output.
bool IsOwn(const Message& message, const Reading& reading) {
  if (message.span == kNoIndex || reading.calls[message.span].kind != CallKind::kTool) return false;
  return message.direction == Direction::kInput ? message.kind == PartKind::kToolCall
                                                : message.kind == PartKind::kToolResult;
}

}  // namespace

std::string_view ToolCallIdOf(const Fields& span) {
  for (const Key key : {Key("gen_ai.tool.call.id"), Key("gen_ai.tool.call_id"), Key("tool_use_id"),
                        Key("tool_call_id"), Key("call_id"), Key("tool_call.id"), Key("tool.id"),
                        Key("ai.toolCall.id")}) {
    if (const std::string_view id = span.Text(key); !id.empty()) return id;
  }
  return {};
}

void MarkRepeatsOfFailures(const std::vector<ToolOutcome>& outcomes, Reading& reading) {
  std::vector<bool> failed(reading.calls.size(), false);
  for (const ToolOutcome& outcome : outcomes) failed[outcome.span] = outcome.failed;
  for (const Message& message : reading.messages) {
    if (message.failed && IsOwn(message, reading)) failed[message.span] = true;
  }
  if (std::find(failed.begin(), failed.end(), true) == failed.end()) return;

  StringMap<Told> calls;
  const auto tell = [&](std::string_view id, uint32_t span) {
    if (id.empty()) return;
    const std::string_view tool = reading.calls[span].tool_name;
    Told& told = calls.emplace(id, Told{failed[span], tool}).first->second;
    if (!failed[span] || BothAndDiffer(told.tool, tool)) told.failed = false;
  };
  for (const ToolOutcome& outcome : outcomes) tell(outcome.id, outcome.span);
  for (const Message& message : reading.messages) {
    if (IsOwn(message, reading)) tell(message.tool.id, message.span);
  }
  for (Message& message : reading.messages) {
    if (message.kind != PartKind::kToolResult || message.failed || message.tool.id.empty())
      continue;
    const auto found = calls.find(message.tool.id);
    if (found == calls.end() || !found->second.failed) continue;
    message.failed = !BothAndDiffer(found->second.tool, message.tool.name);
  }
}

}  // namespace spanlog::genai
