// Vercel AI SDK: ai.* attributes; an outer span and one per model call.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kVercel;

}  // namespace spanlog::genai
