// history: delta. Each model call is sent the conversation so far; only what is new
// in it gets a row of its own.
#pragma once

#include <cstdint>
#include <vector>

#include "model/message.h"
#include "model/trace.h"
#include "weave/span_tree.h"

namespace spanlog::weave {

struct CallHistory {
  uint32_t folded = 0;     // messages of this call that an earlier call showed
  bool rewritten = false;  // messages of the call before are gone although the rest continues it
};

struct History {
  std::vector<bool> fold;          // parallel to Reading::messages: no row of its own
  std::vector<CallHistory> calls;  // parallel to Trace::spans
};

// Messages are the same when role, kind and text (for tool calls: id, or name and arguments) are;
// what somebody says for the second time is new. "Earlier" is by the start of the calls of one
// agent, in this run of it or, with the same conversation id, in earlier ones: parallel agents keep
// their own. A history is called rewritten only where nothing of it was cut.
History FoldHistory(const Trace& trace, const SpanTree& tree, const Reading& reading);

}  // namespace spanlog::weave
