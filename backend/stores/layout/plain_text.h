// Small readings of texts that people were meant to read.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "model/value.h"

namespace spanlog::stores {

// Serilog's message template with its holes filled from the record's fields: "Order {Id} of
// {Name:l}". A hole without a field stays as it is. The text lives in `arena` or is the template
// itself.
std::string_view RenderTemplate(std::string_view message_template, Attributes fields, Arena& arena);

// The text without terminal colours (ESC [ … letter); the text itself when it has none, else a copy
// in `arena`.
std::string_view WithoutColours(std::string_view text, Arena& arena);

}  // namespace spanlog::stores
