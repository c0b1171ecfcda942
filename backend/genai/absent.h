// Content that was not captured, and what switches it on.
#pragma once

#include <string_view>

#include "model/message.h"

namespace spanlog::genai {

// Content capture of the OpenTelemetry instrumentations is off.
inline constexpr std::string_view kCaptureOffHint =
    "Content capture is off where this was recorded. Set "
    "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true, or =SPAN_AND_EVENT with "
    "OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental.";

// The agent CLIs' own switches.
inline constexpr std::string_view kClaudeCodeHint =
    "Claude Code exports content only with OTEL_LOG_USER_PROMPTS=1, "
    "OTEL_LOG_ASSISTANT_RESPONSES=1, "
    "OTEL_LOG_TOOL_DETAILS=1 and OTEL_LOG_TOOL_CONTENT=1.";
inline constexpr std::string_view kCodexHint =
    "Codex does not export prompts: set log_user_prompt = true under [otel] in its config.toml.";
inline constexpr std::string_view kGeminiCliHint =
    "Gemini CLI does not export prompts: set telemetry.logPrompts to true in its settings.json.";
// Two that nothing is wrong with.
inline constexpr std::string_view kGeminiNoTextHint =
    "No text was exported: the model called tools only, or telemetry.logPrompts is false in Gemini "
    "CLI's settings.json.";
inline constexpr std::string_view kGeminiToolHint =
    "Gemini CLI does not export what its tools answer.";

// How to switch content capture on where this instrumentation scope is used; kCaptureOffHint for
// those that keep to OpenTelemetry's switches. The view is static.
std::string_view CaptureHint(std::string_view scope_name);

// A text that the trace store shortened and that is whole nowhere else.
inline constexpr std::string_view kCutHint =
    "The trace store cut this (Tempo cuts every attribute at max_attribute_bytes, 2048 bytes by "
    "default) and no log record holds the whole text. Raise that limit, or have the content "
    "written as log events too: OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=SPAN_AND_EVENT.";

// The completion hook of the instrumentation uploads the content.
inline constexpr std::string_view kUploadedHint =
    "The content is not in the telemetry: OTEL_INSTRUMENTATION_GENAI_COMPLETION_HOOK=upload stores "
    "it at this address.";

// A marker that an instrumentation writes in place of content, and what to do about it.
struct AbsentMarker {
  std::string_view text;
  MessageStatus status;
  std::string_view hint;
};

// The marker that `text` as a whole is, or null. The result is static.
const AbsentMarker* FindAbsentMarker(std::string_view text);

}  // namespace spanlog::genai
