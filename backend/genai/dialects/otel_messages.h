// OpenTelemetry GenAI from semconv 1.37 on: messages in attributes of the span, of a span
// event, or of one log record per call (gen_ai.client.inference.operation.details).
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kOtelMessages;

}  // namespace spanlog::genai
