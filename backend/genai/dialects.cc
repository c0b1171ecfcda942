// The table of dialects: one row per family, most specific first. For records the first row that
// knows one takes it; spans are shown to every row.
#include "genai/dialect.h"
#include "genai/dialects/adk.h"
#include "genai/dialects/azure.h"
#include "genai/dialects/claude_code.h"
#include "genai/dialects/codex.h"
#include "genai/dialects/evaluation.h"
#include "genai/dialects/gemini_cli.h"
#include "genai/dialects/google_genai.h"
#include "genai/dialects/langfuse.h"
#include "genai/dialects/langsmith.h"
#include "genai/dialects/mcp.h"
#include "genai/dialects/openinference.h"
#include "genai/dialects/openllmetry.h"
#include "genai/dialects/otel_content.h"
#include "genai/dialects/otel_events.h"
#include "genai/dialects/otel_messages.h"
#include "genai/dialects/otel_tool.h"
#include "genai/dialects/plain.h"
#include "genai/dialects/pydantic.h"
#include "genai/dialects/semantic_kernel.h"
#include "genai/dialects/strands.h"
#include "genai/dialects/vercel.h"

namespace spanlog::genai {

absl::Span<const Dialect> Dialects() {
  static const Dialect kTable[] = {
      kClaudeCode,  kCodex,    kGeminiCli,     kEvaluation,  kLangfuse,       kLangSmith,
      kVercel,      kMcp,      kOpenInference, kOpenLlmetry, kSemanticKernel, kStrands,
      kAzure,       kAdk,      kGoogleGenai,   kPydantic,    kOtelMessages,   kOtelEvents,
      kOtelContent, kOtelTool, kPlain,
  };
  return kTable;
}

}  // namespace spanlog::genai
