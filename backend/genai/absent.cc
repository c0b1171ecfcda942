#include "genai/absent.h"

namespace spanlog::genai {

std::string_view RedactionHint(std::string_view text) {
  struct Marker {
    std::string_view text;
    std::string_view hint;
  };
  static constexpr Marker kMarkers[] = {
      {"<elided>",
       "Content capture is off where this was recorded. Set "
       "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true."},
      {"__REDACTED__",
       "OpenInference hid this. Unset the OPENINFERENCE_HIDE_* variable that covers it."},
      {"<REDACTED>",
       "The agent hid this. Claude Code: set OTEL_LOG_USER_PROMPTS=1, "
       "OTEL_LOG_ASSISTANT_RESPONSES=1, OTEL_LOG_TOOL_DETAILS=1 or OTEL_LOG_TOOL_CONTENT=1."},
      {"[REDACTED]",
       "The agent hid this. Codex CLI: set log_user_prompt = true under [otel] in config.toml."},
      {"<not serializable>",
       "The instrumentation could not write this value as JSON and dropped it."},
  };
  if (text.size() < 8 || text.size() > 20) return {};
  for (const Marker& marker : kMarkers) {
    if (text == marker.text) return marker.hint;
  }
  return {};
}

}  // namespace spanlog::genai
