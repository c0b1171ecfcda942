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
