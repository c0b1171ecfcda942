// Which span a record belongs to: the ladder of design.md, first match wins.
#pragma once

#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/text.h"
#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"
#include "weave/span_tree.h"

namespace spanlog::weave {

struct Place {
  uint32_t span = kNoIndex;  // kNoIndex: the synthetic root
  std::string_view match;    // the rung: span_id, a join key, time, root
};

// span_id in the trace → join key → innermost span of the same service that covers the record's
// time → root. A join key that names a span above the record's own span goes before the span id:
// CLI agents log a tool's result from a helper span below the tool (genai.md 1.e, Claude Code).
class Placer {
 public:
  Placer(const Trace& trace, const SpanTree& tree);
  Place Find(const LogRecord& record, const RecordView& view) const;

 private:
  uint32_t NamedBy(const LogRecord& record) const;
  uint32_t InnermostAt(const LogRecord& record) const;

  const Trace& trace_;
  const SpanTree& tree_;
  std::vector<uint32_t> by_start_;  // spans by start
  // Children that log the id of the span above them, by that id and by service.
  absl::flat_hash_map<uint64_t, StringMap<uint32_t>> other_halves_;
};

}  // namespace spanlog::weave
