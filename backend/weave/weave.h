// Attaches log records and messages to the spans they belong to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"
#include "settings/query.h"
#include "settings/settings.h"
#include "weave/woven.h"

namespace spanlog::weave {

struct WeaveOptions {
  settings::History history = settings::History::kFull;
  settings::Lanes lanes = settings::Lanes::kRole;
  settings::LogRows logs = settings::LogRows::kAll;
  Level min_level = Level::kUnknown;
  size_t preview_chars = 160;
  std::vector<settings::Price> prices;
  bool correct_clock_skew = false;
  // What the caller already knows to be wrong (a failing log store, say); shown first.
  std::vector<std::string> warnings;
};

struct WeaveInput {
  TraceId trace_id;
  std::shared_ptr<const Trace> trace;    // without spans: the records hang under a synthetic root
  std::shared_ptr<const LogBatch> logs;  // may be null
  std::shared_ptr<const Reading> reading;
};

// Keeps its inputs alive through Woven::keep. Every row's parent is in the result or, for a real
// span whose parent is not in the trace, named as the store named it. Never fails.
Woven Weave(const WeaveInput& input, const WeaveOptions& options);

}  // namespace spanlog::weave
