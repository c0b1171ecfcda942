#include "policy/content_keys.h"

#include "base/wildcard.h"

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
    "langfuse.trace.input", "langfuse.trace.output", "langfuse.observation.metadata*", "ai.prompt",
    "ai.prompt.*", "ai.response.text", "ai.response.object", "ai.response.toolCalls",
    "ai.response.reasoning*", "ai.result.*", "ai.toolCall.args", "ai.toolCall.result", "ai.value*",
    "ai.values*", "events", "all_messages_events", "pydantic_ai.all_messages", "final_result",
    "tool_arguments", "tool_response", "model_request_parameters", "gcp.vertex.agent.llm_request",
    "gcp.vertex.agent.llm_response", "gcp.vertex.agent.tool_call_args",
    "gcp.vertex.agent.tool_response", "gcp.vertex.agent.data", "user_prompt", "prompt", "response",
    "tool_input", "tool_parameters", "tool_output", "full_command", "arguments", "output",
    "request_text", "response_text", "function_args", "body", "content", "message", "tool.result",
    "logfire.msg", "exception.message", "exception.stacktrace", "tool.parameters*", "input",
    "output", "inputs", "outputs", "question", "answer", "query", "text", "completion",
    "instructions", "request.data", "response.data", "request.body*", "response.body*",
    "process.command*", "langfuse.trace.metadata*", "langsmith.metadata*", "error.message",
    "error.details",
    // Secrets are nobody's facts.
    "*password*", "*api.key*", "*apikey*", "*secret*", "*authorization*", "*cookie*",
    // Ends of names that are content in whatever dialect.
    "*.content", "*.text", "*.body", "*.prompt", "*.completion", "*.arguments", "*.input.value",
    "*.output.value", "*.tool.input", "*.tool.output", "*.tool.result", "*input.messages*",
    "*output.messages*", "*.reasoning.content", "*.transcript", "*.explanation"};

// Roles and reasons among the flattened messages are no content.
constexpr std::string_view kPlain[] = {"*.role",        "*.finish.reason", "*.finish.reasons",
                                       "*.stop.reason", "*.token.count.*", "*.usage.*",
                                       "*.tokens"};

constexpr std::string_view kTechnical[] = {"service.*",
                                           "telemetry.*",
                                           "k8s.*",
                                           "host.*",
                                           "os.*",
                                           "container.*",
                                           "cloud.*",
                                           "deployment.*",
                                           "process.runtime.*",
                                           "process.executable.*",
                                           "process.pid",
                                           "process.owner",
                                           "user.agent.*",
                                           "http.user.agent",
                                           "code.*",
                                           "thread.*",
                                           "otel.*",
                                           "library.*",
                                           "scope.*",
                                           "net.*",
                                           "server.*",
                                           "network.*",
                                           "trace.id",
                                           "span.id",
                                           "traceparent",
                                           "tracestate",
                                           "*.id",
                                           "gen.ai.request.model",
                                           "gen.ai.response.model",
                                           "gen.ai.usage.*",
                                           "gen.ai.provider.name",
                                           "gen.ai.system",
                                           "spanlog.*",
                                           "summary",
                                           "filename",
                                           "detected.level"};

template <size_t kCount>
bool MatchesAny(std::string_view key, const std::string_view (&patterns)[kCount]) {
  for (const std::string_view pattern : patterns) {
    if (MatchesKeyWildcard(key, pattern)) return true;
  }
  return false;
}

}  // namespace

bool IsContentKey(std::string_view key) {
  return MatchesAny(key, kContent) && !MatchesAny(key, kPlain);
}

bool IsTechnicalKey(std::string_view key) { return MatchesAny(key, kTechnical); }

}  // namespace spanlog::policy
