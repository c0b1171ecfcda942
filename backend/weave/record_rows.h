// Which records and messages get a row, and where it hangs.
#pragma once

#include <cstdint>
#include <vector>

#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"
#include "weave/doctor.h"
#include "weave/history.h"
#include "weave/log_rows.h"
#include "weave/place.h"
#include "weave/skew.h"
#include "weave/span_tree.h"
#include "weave/spots.h"
#include "weave/weave.h"
#include "weave/woven.h"

namespace spanlog::weave {

// All that it is given must outlive it.
class RecordRows {
 public:
  RecordRows(const WeaveInput& input, const WeaveOptions& options, const SpanTree& tree,
             const std::vector<ServiceSkew>& skews, Spots& spots, LogRows& rows);

  // Appends the rows of all records, of messages that only a span carried, and of folded history.
  void AddTo(std::vector<Row>& rows);

  // What was hidden or moved by AddTo.
  const WeaveCounts& counts() const { return counts_; }
  // Woven::folded_records of AddTo.
  std::vector<std::string_view> TakeFolded() { return std::move(folded_); }

 private:
  void AddRecord(uint32_t index, absl::Span<const uint32_t> messages, std::vector<Row>& rows);
  void AddMessagesOf(uint32_t index, const Place& place, absl::Span<const uint32_t> messages,
                     std::string_view id, std::vector<Row>& rows);
  void AddSpanMessages(std::vector<Row>& rows);
  void AddHistory(std::vector<Row>& rows);
  // When the record was written, by the clock of the root's service.
  int64_t TimeOf(const LogRecord& record) const;
  bool IsFolded(uint32_t message) const { return !history_.fold.empty() && history_.fold[message]; }

  const WeaveOptions& options_;
  const Trace& trace_;
  const LogBatch* const logs_;  // may be null
  const Reading& reading_;
  const SpanTree& tree_;
  const std::vector<ServiceSkew>& skews_;
  Spots& spots_;
  LogRows& rows_;
  const Placer placer_;
  const std::vector<int64_t> times_;  // parallel to Reading::messages
  History history_;
  WeaveCounts counts_;
  std::vector<std::string_view> folded_;
};

}  // namespace spanlog::weave
