// How tools' calls ended, as their own spans tell it, for those who repeat the results.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "genai/fields.h"
#include "model/message.h"

namespace spanlog::genai {

// What a tool's own span says beside its messages.
struct ToolOutcome {
  uint32_t span;        // index into Trace::spans
  std::string_view id;  // of the call; empty where the span names none
  bool failed;          // by the span's status or an attribute of it
};

// The id of its call that a tool's own span has as an attribute.
std::string_view ToolCallIdOf(const Fields& span);

// A later model call has the result in its history, and mostly nothing there says that the tool
// failed: marks those results too. A call is known again by its id. Where spans of one id tell
// different things (a call that was tried again, ids that count from one in each run), nothing is
// marked.
void MarkRepeatsOfFailures(const std::vector<ToolOutcome>& outcomes, Reading& reading);

}  // namespace spanlog::genai
