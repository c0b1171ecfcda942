// Messages somewhere inside the JSON of a run: what LangChain, LangGraph, LangSmith, Langfuse and
// OpenInference record as inputs and outputs of a step, and requests and answers of providers.
#pragma once

#include <string_view>

#include "genai/dialect.h"
#include "genai/json.h"
#include "model/message.h"

namespace spanlog::genai {

// Adds the messages found in `document`, through wrappings such as {"messages": …}, {"inputs": …},
// {"generations": [[{"message": …}]]}, {"choices": …} or a list of an OpenAI response's items, with
// the system text beside them. False, and nothing added, when there are none.
bool ReadRunMessages(const ParsedJson& document, Direction direction, Sink& sink);

// The same of a text. What holds no messages is one message of `role`: the text itself, or the only
// text in it ({"question": "…"}) when `unwrap` is set. Nothing for an empty text.
Message* ReadRun(std::string_view text, Role role, Direction direction, bool unwrap, Sink& sink);

}  // namespace spanlog::genai
