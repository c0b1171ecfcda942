// Usage, model and kind of call under OpenTelemetry's attribute names, old and new.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

// Sets what is still unset. Many other dialects write these names too.
void ReadOtelUsage(const SpanCarrier& carrier, CallUsage& usage, Arena& arena);

}  // namespace spanlog::genai
