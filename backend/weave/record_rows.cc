#include "weave/record_rows.h"

#include "weave/message_times.h"

namespace spanlog::weave {
namespace {

// The messages of each record, in their order.
class MessagesByRecord {
 public:
  MessagesByRecord(const Reading& reading, size_t records) : begins_(records + 2, 0) {
    for (const Message& message : reading.messages) {
      if (message.record != kNoIndex) ++begins_[message.record + 2];
    }
    for (size_t i = 2; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
    messages_.resize(begins_.back());
    // A record's begin stands one farther until its messages are in; each that is moves it on.
    for (uint32_t i = 0; i < reading.messages.size(); ++i) {
      const uint32_t record = reading.messages[i].record;
      if (record != kNoIndex) messages_[begins_[record + 1]++] = i;
    }
  }

  absl::Span<const uint32_t> Of(uint32_t record) const {
    return {messages_.data() + begins_[record], begins_[record + 1] - begins_[record]};
  }

 private:
  std::vector<uint32_t> begins_;    // in messages_, by record
  std::vector<uint32_t> messages_;  // indexes into Reading::messages
};

}  // namespace

RecordRows::RecordRows(const WeaveInput& input, const WeaveOptions& options, const SpanTree& tree,
                       const std::vector<ServiceSkew>& skews, Spots& spots, LogRows& rows)
    : options_(options),
      trace_(*input.trace),
      logs_(input.logs.get()),
      reading_(*input.reading),
      tree_(tree),
      skews_(skews),
      spots_(spots),
      rows_(rows),
      placer_(trace_, tree),
      times_(MessageTimes(trace_, reading_)) {
  if (options.history == settings::History::kDelta) history_ = FoldHistory(trace_, tree, reading_);
}

void RecordRows::AddTo(std::vector<Row>& rows) {
  if (logs_ != nullptr) {
    const MessagesByRecord messages(reading_, logs_->records.size());
    for (uint32_t i = 0; i < logs_->records.size(); ++i) AddRecord(i, messages.Of(i), rows);
  }
  AddSpanMessages(rows);
  AddHistory(rows);
}

int64_t RecordRows::TimeOf(const LogRecord& record) const {
  return options_.correct_clock_skew ? Moved(record.time_ns, ShiftOf(skews_, record.service))
                                     : record.time_ns;
}

void RecordRows::AddRecord(uint32_t index, absl::Span<const uint32_t> messages,
                           std::vector<Row>& rows) {
  const LogRecord& record = logs_->records[index];
  const LogStream& stream = logs_->streams[record.stream];
  const RecordView& view = reading_.records[index];
  const Place place = placer_.Find(record, view);
  if (record.trace_id.empty()) ++counts_.without_trace_id;
  // Also of a record without a row: the ids of equal ones count on.
  const std::string_view id = rows_.ids().ForRecord(record, stream);
  if (!messages.empty()) return AddMessagesOf(index, place, messages, id, rows);
  if (options_.logs == settings::LogRows::kMessages) return;
  if (record.level != Level::kUnknown && record.level < options_.min_level) {
    ++counts_.hidden_by_level;
    return;
  }
  const int64_t time_ns = TimeOf(record);
  const RowSpot spot = spots_.At(place, time_ns);
  if (spot.start_ns != time_ns) ++counts_.moved_to_edge;
  rows_.AddRecord(record, stream, view, id, spot, rows);
}

void RecordRows::AddMessagesOf(uint32_t index, const Place& place,
                               absl::Span<const uint32_t> messages, std::string_view id,
                               std::vector<Row>& rows) {
  const LogRecord& record = logs_->records[index];
  const uint32_t named = record.span_id == 0 ? kNoIndex : tree_.Find(record.span_id);
  if (IsFolded(messages.front())) folded_.push_back(id);
  for (uint32_t part = 0; part < messages.size(); ++part) {
    const uint32_t m = messages[part];
    if (IsFolded(m)) continue;
    const Message& message = reading_.messages[m];
    Place at = place;
    // A message of another span than its record's; not one whose record was lifted above it.
    if (message.span != kNoIndex && message.span != place.span && message.span != named) {
      at = {message.span, "span_id"};
    }
    // Exploded messages lie in their call, which is moved already; others have the record's time.
    const bool own_time = message.time_ns != 0 || times_[m] == 0;
    const int64_t time_ns = own_time ? TimeOf(record) : times_[m];
    const RowSpot spot = spots_.At(at, time_ns);
    if (part == 0 && own_time && spot.start_ns != time_ns) ++counts_.moved_to_edge;
    rows_.AddMessage(message, &record, &logs_->streams[record.stream], part,
                     rows_.ids().ForRecordPart(id, part), spot, rows);
  }
}

void RecordRows::AddSpanMessages(std::vector<Row>& rows) {
  for (uint32_t i = 0; i < reading_.messages.size(); ++i) {
    const Message& message = reading_.messages[i];
    if (message.record != kNoIndex || message.span == kNoIndex || IsFolded(i)) continue;
    const RowSpot spot = spots_.At({message.span, "span"}, times_[i]);
    const std::string_view id =
        rows_.ids().ForSpanMessage(spot.parent_id, message.direction, message.order);
    rows_.AddMessage(message, nullptr, nullptr, 0, id, spot, rows);
  }
}

void RecordRows::AddHistory(std::vector<Row>& rows) {
  for (uint32_t i = 0; i < history_.calls.size(); ++i) {
    const CallHistory& call = history_.calls[i];
    if (call.folded == 0 && !call.rewritten) continue;
    const RowSpot spot = spots_.At({i, "span"}, trace_.spans[i].start_ns);
    const std::string_view id = rows_.ids().ForHistory(spot.parent_id);
    rows_.AddHistory(call.folded, call.rewritten, id, spot, rows);
  }
}

}  // namespace spanlog::weave
