// Langfuse SDK: input and output of each observation as JSON or text.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kLangfuse;

}  // namespace spanlog::genai
