#include "genai/finish_reasons.h"

#include <optional>
#include <string_view>

#include "genai/fields.h"
#include "genai/parts.h"

namespace spanlog::genai {
namespace {

// What one span lists, read once for all of its messages.
class Reasons {
 public:
  Reasons(const Span& span, Arena& arena) {
    const Fields fields(span.attributes);
    list_ = fields.Json("gen_ai.response.finish_reasons", arena);
    if (list_ && list_->root.is_array()) return;
    list_.reset();
    // stop_reason: Claude Code.
    for (const std::string_view key :
         {"gen_ai.response.finish_reason", "gen_ai.response.finish_reasons", "stop_reason"}) {
      if (one_.empty()) one_ = fields.Text(key);
    }
    one_ = FinishReasonOf(one_);
  }

  std::string_view Of(int choice) const {
    if (!list_) return one_;
    const auto at = static_cast<size_t>(choice < 0 ? 0 : choice);
    return at < list_->root.items.size() ? list_->root.items[at].text : std::string_view();
  }

 private:
  std::optional<ParsedJson> list_;
  std::string_view one_;
};

}  // namespace

void FillFinishReasons(const Trace& trace, Reading& reading) {
  std::optional<Reasons> reasons;  // of the span before: a span's messages follow each other
  uint32_t span = kNoIndex;
  for (Message& message : reading.messages) {
    if (message.direction != Direction::kOutput || !message.finish_reason.empty() ||
        message.role != Role::kAssistant || message.span == kNoIndex ||
        reading.calls[message.span].kind != CallKind::kModel) {
      continue;
    }
    if (message.span != span) reasons.emplace(trace.spans[message.span], *reading.arena);
    span = message.span;
    message.finish_reason = reasons->Of(message.choice);
  }
}

}  // namespace spanlog::genai
