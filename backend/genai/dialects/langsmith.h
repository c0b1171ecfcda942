// LangSmith's OpenTelemetry exporter: whole runs as JSON in gen_ai.prompt and
// gen_ai.completion.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kLangSmith;

}  // namespace spanlog::genai
