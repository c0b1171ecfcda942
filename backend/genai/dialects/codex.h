// Codex CLI: spans carry lengths only, log records carry the text in attributes.
#pragma once

#include "genai/dialect.h"

namespace spanlog::genai {

extern const Dialect kCodex;

}  // namespace spanlog::genai
