// One message once per call (genai.md 1.i.2).
#pragma once

#include <cstdint>
#include <vector>

#include "genai/ancestry.h"
#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai {

// Merges what several copies of one call's conversation say (span attributes, span events, a
// details record, a record per message) into one message each:
// - all sources are named; the longest uncut text wins; what was cut and is whole in another copy
//   counts as healed
// - a message that a record carries stays that record's; where two records do, it is the one that
//   carries this message alone
// - the messages end up in the order of the fullest copy, by span, inputs before outputs
// Then what spans above repeat of the calls below them (agents, workflows, an SDK's outer span),
// and what an MCP server's span repeats of its client's, is left out, unless a record carries it.
// `copies` is Sink::copies.
void MergeMessages(const Trace& trace, const Ancestry& ancestry,
                   const std::vector<uint32_t>& copies, Reading& reading);

}  // namespace spanlog::genai
