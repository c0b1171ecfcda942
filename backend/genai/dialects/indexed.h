// Keys that spell a list in a flat set of attributes: `gen_ai.prompt.3.role`.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "genai/json.h"
#include "model/value.h"

namespace spanlog::genai {

// One element of the list: what follows its number, and the value.
using IndexedFields = std::vector<Attribute>;

// The elements under `prefix` ("gen_ai.prompt."), by number; gaps stay out. An emitter's number is
// bounded only by what was sent, so it is no array index.
std::map<uint32_t, IndexedFields> ByIndex(Attributes attributes, std::string_view prefix);

// The other way round: a JSON object as an emitter would have flattened it, {"a": {"b": [1]}} as
// `a.b.0`. Keys are in the arena. REQUIRES: `object` lives as long as the result.
IndexedFields Flattened(const JsonValue& object, Arena& arena);

}  // namespace spanlog::genai
