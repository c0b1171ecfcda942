// What a tool's own span says that it was given and has returned. Frameworks wrap both.
#pragma once

#include <string_view>

#include "genai/dialect.h"
#include "model/message.h"

namespace spanlog::genai {

// The arguments without their wrapping: {"args": […], "kwargs": {…}} of decorators, {"inputs": …,
// "input_str": …} and {"input": "…"} of LangChain. Python's spelling becomes JSON. Anything else as
// it is; the view is `text` or in the arena.
std::string_view ToolInput(std::string_view text, Arena& arena);

// Adds the row of a tool's result: the text in LangChain's tool message, in {"output": …}, in a
// list of text blocks or in a JSON string; anything else as it is. What was sent stays in
// ToolPart::result where the text is only its readable part. `id` goes before one that is inside.
Message& AddToolOutput(std::string_view name, std::string_view id, std::string_view text,
                       Sink& sink);

}  // namespace spanlog::genai
