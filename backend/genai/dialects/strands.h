// Strands Agents: span events gen_ai.<role>.message and gen_ai.choice whose attributes
// content and message are Bedrock blocks; on a tool's span they are its arguments and result.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kStrands;

}  // namespace spanlog::genai
