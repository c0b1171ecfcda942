#include "genai/dialects/semantic_kernel.h"

#include "base/text.h"

namespace spanlog::genai {
namespace {

void ReadUsage(const SpanCarrier& carrier, CallUsage& usage, Arena&) {
  if (usage.kind != CallKind::kNone) return;
  // The loop around the model's calls and the functions it asks for.
  if (carrier.fields.Has("sk.available_functions") ||
      StartsWith(carrier.span.name, "AutoFunctionInvocationLoop")) {
    usage.kind = CallKind::kAgent;
  }
}

}  // namespace

const Dialect kSemanticKernel = {"semantic kernel", nullptr, nullptr, ReadUsage};

}  // namespace spanlog::genai
