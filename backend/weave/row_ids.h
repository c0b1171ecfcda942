// Ids of rows that are no spans of the store. They must not change when a query is
// repeated: Grafana's deep links point at them.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "base/arena.h"
#include "base/stable_hash.h"
#include "model/log_record.h"
#include "model/message.h"

namespace spanlog::weave {

// Not thread-safe; one per woven trace.
class RowIds {
 public:
  explicit RowIds(Arena& arena) : arena_(arena) {}

  // "log-<hash of labels, time, line, metadata>" with "-<n>" for the n-th identical record.
  // Never contains "--", which the trace view splits row keys at. `stream` stays where it is.
  std::string_view ForRecord(const LogRecord& record, const LogStream& stream);

  // The `part`-th row of a record that became several.
  std::string_view ForRecordPart(std::string_view record_id, uint32_t part);

  // "msg-<span id>-<i|o><n>" for a message that only its span carried.
  std::string_view ForSpanMessage(std::string_view span_id, Direction direction, uint32_t order);

  // "history-<span id>" for the messages of a call that were folded into one row.
  std::string_view ForHistory(std::string_view span_id);

  std::string_view ForSpan(uint64_t span_id);

 private:
  Arena& arena_;
  absl::flat_hash_map<const LogStream*, StableHash> streams_;  // the hash of their labels
  absl::flat_hash_map<uint64_t, uint32_t> seen_;
};

}  // namespace spanlog::weave
