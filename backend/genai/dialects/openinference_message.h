// One flattened message of OpenInference: message.role, message.content, message.contents.N.*,
// message.tool_calls.N.*, message.tool_call_id.
#pragma once

#include <string_view>

#include "genai/dialect.h"
#include "model/message.h"

namespace spanlog::genai {

// The hint of what OpenInference masked.
inline constexpr std::string_view kOpenInferenceHiddenHint =
    "OpenInference hid this: look for OPENINFERENCE_HIDE_* where the application runs.";

// Adds its parts in the order in which they were said. `choice` is -1 where there is one answer.
void ReadOpenInferenceMessage(Attributes message, Direction direction, int choice,
                              std::string_view finish_reason, Sink& sink);

// True when the message has words, not only calls or reasoning.
bool Speaks(Attributes message);

}  // namespace spanlog::genai
