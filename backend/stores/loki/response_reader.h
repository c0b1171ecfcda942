// Loki's query_range answers into records, in both forms: with categorised labels (three elements
// per record) and without (two, structured metadata merged into the stream's labels).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/text.h"
#include "model/log_record.h"
#include "stores/body_pieces.h"
#include "stores/piece_buffer.h"

namespace spanlog::stores {

// Collects the answers to several queries into one batch; streams with the same labels become one.
class LokiAnswers {
 public:
  // Appends the records of one answer to batch().records, oldest first, and keeps what their views
  // point to. Gives their number. What the layout says is not set yet. Errors: that of `body`;
  // DataLoss when it is not Loki's; InvalidArgument when the query was a metric query.
  absl::StatusOr<size_t> Add(BodyPieces& body);
  absl::StatusOr<size_t> Add(std::string body) {
    WholeBody whole(std::move(body));
    return Add(whole);
  }

  LogBatch& batch() { return batch_; }
  size_t size() const { return batch_.records.size(); }

  // The same through the general reader alone, for tests that compare.
  absl::StatusOr<size_t> AddAnyAnswer(std::string body);

 private:
  // Nothing, and `body` as it was, when it is not spelled as Loki itself does.
  std::optional<size_t> AddStreams(PieceBuffer& body);
  uint32_t InternStream(Attributes labels);

  LogBatch batch_;
  StringMap<uint32_t, std::string> stream_by_labels_;
  std::string labels_key_;
  std::vector<Attribute> scratch_;
};

// The view draws no row that starts at 0 or before, and sums of times must not overflow.
int64_t DrawableTime(int64_t ns);

// Sorts the records from `first` on by time, ties as they stand.
void SortByTime(std::vector<LogRecord>& records, size_t first);

}  // namespace spanlog::stores
