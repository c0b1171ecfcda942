#include "policy/content_keys.h"

namespace spanlog::policy {
namespace {

// `.` in a pattern matches `_` too: Loki has no dots.
constexpr std::string_view kContent[] = {
    "@message", "@tool.arguments", "@tool.result", "gen_ai.input.messages*",
    "gen_ai.output.messages*", "gen_ai.system_instructions*", "gen_ai.tool.definitions*",
    "gen_ai.tool.call.arguments*", "gen_ai.tool.call.result*", "gen_ai.prompt", "gen_ai.prompt.*",
    "gen_ai.completion", "gen_ai.completion.*", "gen_ai.event.content", "gen_ai.content.*",
    "gen_ai.evaluation.explanation", "gen_ai.retrieval.query.text", "gen_ai.retrieval.documents*",
    "gen_ai.speech.*", "gen_ai.transcription.*", "llm.input_messages*", "llm.output_messages*",
    "llm.prompts*", "llm.completions*", "llm.choices*", "input.value", "output.value",
    "retrieval.documents*", "reranker.*documents*", "embedding.embeddings*", "tool.parameters",
    "traceloop.entity.input", "traceloop.entity.output", "mcp.request.argument",
    "mcp.response.value", "langfuse.observation.input", "langfuse.observation.output",
    "langfuse.trace.input", "langfuse.trace.output", "langfuse.observation.metadata*",
    "ai.prompt", "ai.prompt.*", "ai.response.text", "ai.response.object", "ai.response.toolCalls",
    "ai.response.reasoning*", "ai.result.*", "ai.toolCall.args", "ai.toolCall.result", "ai.value*",
    "ai.values*", "events", "all_messages_events", "pydantic_ai.all_messages", "final_result",
    "tool_arguments", "tool_response", "model_request_parameters", "gcp.vertex.agent.llm_request",
    "gcp.vertex.agent.llm_response", "gcp.vertex.agent.tool_call_args",
    "gcp.vertex.agent.tool_response", "gcp.vertex.agent.data", "user_prompt", "prompt", "response",
    "tool_input", "tool_parameters", "tool_output", "full_command", "arguments", "output",
    "request_text", "response_text", "function_args", "body", "content", "message", "tool.result",
    "logfire.msg", "exception.message", "exception.stacktrace"};

bool SameChar(char key, char pattern) {
  return key == pattern || (pattern == '.' && key == '_');
}

}  // namespace

bool KeyMatches(std::string_view key, std::string_view pattern) {
  size_t k = 0;
  size_t p = 0;
  size_t star = pattern.npos;
  size_t retry = 0;
  while (k < key.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = k;
    } else if (p < pattern.size() && SameChar(key[k], pattern[p])) {
      ++k;
      ++p;
    } else if (star != pattern.npos) {
      p = star + 1;
      k = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool IsContentKey(std::string_view key) {
  for (const std::string_view pattern : kContent) {
    if (KeyMatches(key, pattern)) return true;
  }
  return false;
}

}  // namespace spanlog::policy
