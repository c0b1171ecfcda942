// A dialect is one way in which an instrumentation writes messages and usage. Each
// family has one file under genai/dialects/ and one row in the table (dialects.cc);
// a new dialect is a new row with a fixture.
#pragma once

#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/text.h"
#include "genai/ancestry.h"
#include "genai/fields.h"
#include "genai/json.h"
#include "genai/outermost.h"
#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai {

// Where dialects put what they found. It fills in what all messages of a carrier share
// (span, record, source, order) so that dialects state only role, kind and text. A text that is
// nothing but a marker of redaction (absent.h) becomes a message without text and with a hint.
// References that Add… returns hold until the next Add….
class Sink {
 public:
  explicit Sink(Reading& reading) : reading_(reading) {}
  Arena& arena() { return *reading_.arena; }

  // Adds a message of the current carrier. Returns it for further fields.
  Message& Add(Role role, PartKind kind, Direction direction, std::string_view text);
  Message& AddToolCall(std::string_view name, std::string_view id, std::string_view arguments,
                       Direction direction);
  Message& AddToolResult(std::string_view name, std::string_view id, std::string_view result,
                         Direction direction);
  // "Nothing was captured here, and how to switch it on": one message with status kOff or
  // kRedacted.
  Message& AddAbsent(Role role, Direction direction, MessageStatus status, std::string_view hint);

  // For a record: its plain row is replaced by its messages, or gets this title (copied).
  void SetRecordTitle(std::string_view title);
  // For a record that tells of a model call: what it used. Counted where no span is that call.
  void AddCall(const CallUsage& usage);
  // For a record without usable span id: the span a join key names. `match` must be a literal.
  // Its messages, those added before too, belong to that span unless the record names another.
  void SetRecordSpan(uint32_t span, std::string_view match);
  // Messages that follow belong to another span than the carrier (Index of Trace::spans).
  void SetSpan(uint32_t span) { span_ = span; }

  // Messages of one copy of a conversation are never merged with each other, those of different
  // copies are. By default all that a dialect finds on a span is one copy, and all its records of
  // a span are another. A record that carries a whole call, and a second spelling of the same
  // messages on one span, begin a copy of their own.
  void BeginCopy() { copy_ = next_copy_++; }
  // A record that carries a whole call: a copy of its own, drawn at the call's start and end
  // instead of at the record's time.
  void BeginWholeCall() {
    BeginCopy();
    time_ns_ = 0;
  }

  // Set by the reader before each carrier and dialect.
  void BeginSpan(uint32_t span, uint8_t source) { Begin(kNoIndex, span, source, 0); }
  void BeginRecord(uint32_t record, uint32_t span, int64_t time_ns) {
    Begin(record, span, kFromLog, time_ns);
  }
  void BeginDialect(uint32_t dialect) {
    copy_ = 1 + dialect * 2 + (record_ == kNoIndex ? 0 : 1);
    if (record_ == kNoIndex) source_ = kFromSpanAttribute;
  }
  // Messages that follow come from the span's events, not from its attributes.
  void FromEvents() { source_ = kFromSpanEvent; }

  // Parallel to Reading::messages: which copy each belongs to. 0 is no copy.
  std::vector<uint32_t>& copies() { return copies_; }
  // Messages of the current carrier so far.
  size_t carrier_messages() const { return reading_.messages.size() - carrier_begin_; }
  // True when the carrier's messages from number `first` on hold a tool call with this id.
  bool HasToolCall(std::string_view id, size_t first);

 private:
  void Begin(uint32_t record, uint32_t span, uint8_t source, int64_t time_ns) {
    carrier_begin_ = reading_.messages.size();
    record_ = record;
    span_ = span;
    source_ = source;
    time_ns_ = time_ns;
  }

  Reading& reading_;
  std::vector<uint32_t> copies_;
  size_t carrier_begin_ = 0;
  uint32_t span_ = kNoIndex;
  uint32_t record_ = kNoIndex;
  uint8_t source_ = 0;
  int64_t time_ns_ = 0;
  uint32_t copy_ = 0;
  uint32_t next_copy_ = 1024;  // lower numbers: by dialect
  StringSet<> call_ids_;       // of the messages from the first of these numbers to the second
  size_t call_ids_begin_ = 0, call_ids_end_ = 0;
};

struct SpanCarrier {
  const Trace& trace;
  const Span& span;
  uint32_t index;
  Fields fields;
  const Ancestry& ancestry;
};

struct RecordCarrier {
  const Trace& trace;
  const LogBatch& logs;
  const LogRecord& record;
  uint32_t index;
  uint32_t span;  // index of the span the record names, kNoIndex when none is in the trace
  Fields fields;
  OutermostIndex& outermost;
};

// Each function may be null. Several dialects may read one carrier (an SDK that writes two
// conventions); the merge makes one message of what agrees.
struct Dialect {
  std::string_view name;
  // Messages in the span's attributes and events. Returns true when it found its marks.
  bool (*read_span)(const SpanCarrier& carrier, Sink& sink);
  // Messages in a record. Returns true when the record is this dialect's: later rows are not asked.
  bool (*read_record)(const RecordCarrier& carrier, Sink& sink);
  // Usage, model, kind of call. Only fields that are still unset may be set.
  void (*read_usage)(const SpanCarrier& carrier, CallUsage& usage, Arena& arena);
};

// The table, most specific first.
absl::Span<const Dialect> Dialects();

}  // namespace spanlog::genai
