// Azure AI Inference, Azure AI Agents and Semantic Kernel for .NET: span events
// gen_ai.<role>.message and gen_ai.choice with the body as JSON in gen_ai.event.content.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kAzure;

}  // namespace spanlog::genai
