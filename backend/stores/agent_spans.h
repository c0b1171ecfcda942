// Spans of a search result that tell of an agent's work: model, tool and agent calls.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stores/json/json_body.h"
#include "stores/store.h"

namespace spanlog::stores {

// True for attributes that only instrumentations of LLM applications write (genai.md 1).
bool IsAgentKey(std::string_view key);

// True when the span is worth keeping: an agent's attributes, or a name of an agent CLI's span.
bool IsAgentSpan(const SummarySpan& span);

// OTLP's {"stringValue":"x"}, {"intValue":"1"}, … as text.
std::string AnyValueText(JsonElement value);

// Gives each span the nearest span of the list as parent: the one that its parent id leads to
// through `parents` (id and parent id of every span known), or none.
void LinkToNearest(const std::vector<std::pair<uint64_t, uint64_t>>& parents,
                   std::vector<SummarySpan>& spans);

}  // namespace spanlog::stores
