// OpenInference (Arize Phoenix): everything in span attributes, lists flattened.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kOpenInference;

}  // namespace spanlog::genai
