// Claude Code: log events whose body is only the event's name, and beta spans.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kClaudeCode;

}  // namespace spanlog::genai
