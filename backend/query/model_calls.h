// Which spans tell of calls to a model, in whichever dialect.
#pragma once

#include "model/trace.h"

namespace spanlog::query {

// A quick look at the names of attributes; genai/ knows better, but later.
bool IsModelCall(const Span& span);

}  // namespace spanlog::query
