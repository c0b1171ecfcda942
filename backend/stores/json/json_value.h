// Values of a parsed JSON tree in the model.
#pragma once

#include <string>

#include "model/value.h"
#include "stores/json/json_body.h"

namespace spanlog::stores {

// A plain JSON value: text stays a view; arrays and objects become JSON text in the arena.
// `scratch` is reused between calls.
Value JsonToValue(JsonElement element, Arena& arena, std::string& scratch);

// Appends the element as compact JSON. Members keep their order. Levels below the 64th become null.
void AppendJson(std::string& out, JsonElement element, int depth = 0);

}  // namespace spanlog::stores
