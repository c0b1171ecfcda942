// OpenLLMetry (Traceloop): flattened prompts and completions, workflow spans.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kOpenLlmetry;

}  // namespace spanlog::genai
