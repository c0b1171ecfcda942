// The google-genai instrumentation: a tool's parameters and return value as code.function.*
// attributes of its span. Its messages are read as otel_events and otel_messages.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kGoogleGenai;

}  // namespace spanlog::genai
