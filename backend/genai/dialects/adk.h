// Google's Agent Development Kit before it wrote OpenTelemetry's names: Gemini requests and
// responses as JSON in gcp.vertex.agent.* attributes.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kAdk;

}  // namespace spanlog::genai
