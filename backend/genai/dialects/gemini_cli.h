// Gemini CLI: bodies are sentences for people, content is in attributes.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kGeminiCli;

}  // namespace spanlog::genai
