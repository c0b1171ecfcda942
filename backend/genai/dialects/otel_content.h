// OpenTelemetry GenAI of semconv 1.26 and 1.27: the prompt and the completion as span
// events, each a JSON text of OpenAI messages.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kOtelContent;

}  // namespace spanlog::genai
