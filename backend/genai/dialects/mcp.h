// Model Context Protocol: client and server spans of a tool call (semconv mcp.md).
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kMcp;

}  // namespace spanlog::genai
