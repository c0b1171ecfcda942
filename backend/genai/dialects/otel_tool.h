// Tool calls under OpenTelemetry's names: gen_ai.tool.call.arguments and .result on the
// tool's span, or on a record.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kOtelTool;

}  // namespace spanlog::genai
