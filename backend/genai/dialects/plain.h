// Any other record: a readable name where the line has none.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kPlain;

}  // namespace spanlog::genai
