// Whether a tool failed, as its result's telemetry says it. What a tool answers is its own
// business: an answer that merely speaks of an error is no failure.
#pragma once

#include <string_view>

#include "genai/dialect.h"
#include "genai/json.h"

namespace spanlog::genai {

// What holds a result, a message or a part of one: `isError` (MCP, Vercel AI SDK 4), `is_error`
// (Anthropic), `status` (Bedrock, LangChain, OpenAI), `error` (OpenAI's and Vercel's), `state` (a
// user interface's part), `outcome` (Gemini's code execution), the type `tool-error` (Vercel).
bool SaysFailed(const JsonValue& holder);

// The result itself, where it is an envelope with a mark: MCP's `isError` beside its content,
// Vercel's `error-text` and `error-json`, Anthropic's `…_tool_result_error`, and Gemini's
// {"error": …}, which is an error and nothing else.
bool IsFailure(const JsonValue& result);

// The same of a result as JSON text. Parses only what may be MCP's envelope.
bool IsFailedEnvelope(std::string_view result, Arena& arena);

// Attributes of a tool's call: `error.type` (semantic conventions; `tool_error` for MCP), Strands'
// `gen_ai.tool.status`, before 1.0 `tool.status`.
bool SaysFailed(const Fields& fields);

}  // namespace spanlog::genai
