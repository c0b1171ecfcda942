// Rows for records and messages.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"
#include "weave/row_ids.h"
#include "weave/spots.h"
#include "weave/tags.h"
#include "weave/weave.h"

namespace spanlog::weave {

class LogRows {
 public:
  LogRows(const WeaveOptions& options, Arena& arena)
      : options_(options), arena_(arena), ids_(arena) {}

  RowIds& ids() { return ids_; }

  // Appends the row of a record as it is. REQUIRES: `id` from RowIds.
  void AddRecord(const LogRecord& record, const LogStream& stream, const RecordView& view,
                 std::string_view id, const RowSpot& spot, std::vector<Row>& rows);

  // Appends the row of a message. `record` and `stream` may be null; `part` is its number among the
  // record's rows.
  void AddMessage(const Message& message, const LogRecord* record, const LogStream* stream,
                  uint32_t part, std::string_view id, const RowSpot& spot, std::vector<Row>& rows);

  // Appends "N earlier messages" of a call (history: delta).
  void AddHistory(uint32_t count, bool rewritten, std::string_view id, const RowSpot& spot,
                  std::vector<Row>& rows);

 private:
  void AddRecordFacts(const LogRecord& record, const RowSpot& spot);

  const WeaveOptions& options_;
  Arena& arena_;
  RowIds ids_;
  TagList tags_;
  size_t repeated_fields_ = 0;  // of records, on rows after their first
};

}  // namespace spanlog::weave
