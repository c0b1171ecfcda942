// Evaluation results: gen_ai.evaluation.result as a log record or a span event.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kEvaluation;

}  // namespace spanlog::genai
