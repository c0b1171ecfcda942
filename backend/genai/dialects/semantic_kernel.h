// Semantic Kernel: what it adds to OpenTelemetry's names on spans. Its messages are read as
// otel_events (Python) and azure (.NET).
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kSemanticKernel;

}  // namespace spanlog::genai
