// One flattened message of OpenLLMetry's old convention: role, content, finish_reason,
// tool_calls.N.*, tool_call_id under gen_ai.prompt.N and gen_ai.completion.N.
#pragma once

#include "genai/dialect.h"
#include "model/message.h"

namespace spanlog::genai {

// Adds its parts. `choice` is -1 where there is one answer. `texts_are_json`: the instrumentation
// writes texts as JSON strings.
void ReadOpenLlmetryMessage(Attributes message, Direction direction, int choice,
                            bool texts_are_json, Sink& sink);

// True for the reasoning that Anthropic's instrumentation writes as a message before the answer.
bool IsThought(Attributes message);

}  // namespace spanlog::genai
