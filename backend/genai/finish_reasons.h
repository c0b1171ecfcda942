// Why the model stopped, where only the span says so.
#pragma once

#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai {

// Gives outputs without a finish reason the one that their span lists for their choice
// (gen_ai.response.finish_reasons; the reason inside messages is deprecated).
void FillFinishReasons(const Trace& trace, Reading& reading);

}  // namespace spanlog::genai
