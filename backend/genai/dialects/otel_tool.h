// Tool calls under OpenTelemetry's names: gen_ai.tool.call.arguments and .result on the
// tool's span, or on a record.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kOtelTool;

// Adds the tool call and the result that the fields hold. False when they hold neither.
bool ReadTool(const Fields& fields, Sink& sink);

}  // namespace spanlog::genai
