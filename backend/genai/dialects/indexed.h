// Keys that spell a list in a flat set of attributes: `gen_ai.prompt.3.role`.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "model/value.h"

namespace spanlog::genai {

// One element of the list: what follows its number, and the value.
using IndexedFields = std::vector<Attribute>;

// The elements under `prefix` ("gen_ai.prompt."), by number; gaps stay out. An emitter's number is
// bounded only by what was sent, so it is no array index.
std::map<uint32_t, IndexedFields> ByIndex(Attributes attributes, std::string_view prefix);

}  // namespace spanlog::genai
