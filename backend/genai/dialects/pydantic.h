// Pydantic AI, all formats: events and all_messages_events (v1), pydantic_ai.all_messages and
// final_result of the agent's span, tool_arguments and tool_response (v2).
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kPydantic;

}  // namespace spanlog::genai
