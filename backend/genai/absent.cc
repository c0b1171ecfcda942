#include "genai/absent.h"

#include "base/text.h"

namespace spanlog::genai {

std::string_view CaptureHint(std::string_view scope_name) {
  struct Switch {
    std::string_view scope;
    std::string_view hint;
  };
  static constexpr std::string_view kSemanticKernel =
      "Content capture is off. Set "
      "SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS_SENSITIVE=true.";
  static constexpr std::string_view kAzure =
      "Content capture is off. Set AZURE_TRACING_GEN_AI_CONTENT_RECORDING_ENABLED=true.";
  static constexpr Switch kSwitches[] = {
      {"semantic_kernel", kSemanticKernel},
      {"Microsoft.SemanticKernel", kSemanticKernel},
      {"Azure.AI", kAzure},
      {"azure.", kAzure},
      {"gcp.vertex.agent",
       "Content capture is off. Set ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS=true, or "
       "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true for log events."},
      {"pydantic-ai", "Content capture is off. Use InstrumentationSettings(include_content=True)."},
      {"agent_framework", "Content capture is off. Set ENABLE_SENSITIVE_DATA=true."},
      {"com.anthropic.claude_code", kClaudeCodeHint},
      {"codex_otel", kCodexHint},
      {"gemini-cli", kGeminiCliHint},
      {"ai", "Content capture is off. Use recordInputs: true and recordOutputs: true."},
  };
  for (const Switch& one : kSwitches) {
    if (StartsWith(scope_name, one.scope) && (one.scope != "ai" || scope_name == "ai")) {
      return one.hint;
    }
  }
  return kCaptureOffHint;
}

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
