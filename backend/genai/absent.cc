#include "genai/absent.h"

namespace spanlog::genai {

const AbsentMarker* FindAbsentMarker(std::string_view text) {
  static constexpr AbsentMarker kMarkers[] = {
      {"<elided>", MessageStatus::kOff,
       "Content capture is off where this was recorded. Set "
       "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true."},
      {"__REDACTED__", MessageStatus::kRedacted,
       "OpenInference hid this. Unset the OPENINFERENCE_HIDE_* variable that covers it."},
      {"<REDACTED>", MessageStatus::kRedacted,
       "The agent hid this. Claude Code: set OTEL_LOG_USER_PROMPTS=1, "
       "OTEL_LOG_ASSISTANT_RESPONSES=1, OTEL_LOG_TOOL_DETAILS=1 or OTEL_LOG_TOOL_CONTENT=1."},
      {"[REDACTED]", MessageStatus::kRedacted,
       "The agent hid this. Codex CLI: set log_user_prompt = true under [otel] in config.toml."},
      {"<not serializable>", MessageStatus::kRedacted,
       "The instrumentation could not write this value as JSON and dropped it."},
  };
  if (text.size() < 8 || text.size() > 20) return nullptr;
  for (const AbsentMarker& marker : kMarkers) {
    if (text == marker.text) return &marker;
  }
  return nullptr;
}

}  // namespace spanlog::genai
