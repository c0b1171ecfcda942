// OpenTelemetry GenAI of semconv 1.28 to 1.36: one log record per message. Also Semantic
// Kernel for Python (the line is the body as a JSON string), the google-genai instrumentation
// (Gemini contents inside), Pydantic AI with event_mode=logs, and span events of these names
// that carry no content.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kOtelEvents;

}  // namespace spanlog::genai
