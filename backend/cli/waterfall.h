// Draws a trace as text.
#pragma once

#include <string>

#include "cli/terminal.h"
#include "cli/trace_view.h"

namespace spanlog::cli {

// Lane, tree with names, bars and durations, one row a line; warnings above. No row is wider than
// the terminal (of 40 cells or more); without one, names are whole. Escape sequences only where
// `terminal.color` is set.
std::string DrawWaterfall(const TraceView& view, const Terminal& terminal);

}  // namespace spanlog::cli
