#include "genai/finish_reasons.h"

#include <string_view>

#include "genai/fields.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

std::string_view ReasonOf(const Span& span, int choice, Arena& arena) {
  const Fields fields(span.attributes);
  const std::optional<ParsedJson> list = fields.Json("gen_ai.response.finish_reasons", arena);
  if (list && list->root.is_array()) {
    const auto at = static_cast<size_t>(choice < 0 ? 0 : choice);
    return at < list->root.items.size() ? list->root.items[at].text : std::string_view();
  }
  // stop_reason: Claude Code.
  for (const std::string_view key :
       {"gen_ai.response.finish_reason", "gen_ai.response.finish_reasons", "stop_reason"}) {
    if (const std::string_view text = fields.Text(key); !text.empty()) return FinishReasonOf(text);
  }
  return {};
}

}  // namespace

void FillFinishReasons(const Trace& trace, Reading& reading) {
  for (Message& message : reading.messages) {
    if (message.direction != Direction::kOutput || !message.finish_reason.empty() ||
        message.role != Role::kAssistant || message.span == kNoIndex ||
        reading.calls[message.span].kind != CallKind::kModel) {
      continue;
    }
    message.finish_reason = ReasonOf(trace.spans[message.span], message.choice, *reading.arena);
  }
}

}  // namespace spanlog::genai
