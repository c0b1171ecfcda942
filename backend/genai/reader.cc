#include "genai/reader.h"

#include <optional>
#include <vector>

#include "base/text.h"
#include "genai/absent.h"
#include "genai/ancestry.h"
#include "genai/call_title.h"
#include "genai/dialect.h"
#include "genai/findings.h"
#include "genai/finish_reasons.h"
#include "genai/heal.h"
#include "genai/join_index.h"
#include "genai/merge.h"
#include "genai/tool_failure.h"
#include "genai/tool_outcomes.h"

namespace spanlog::genai {
namespace {

// Reads one trace. Lives for one call of Read.
class Reader {
 public:
  Reader(const Trace& trace, const LogBatch& logs)
      : trace_(trace), logs_(logs), ancestry_(trace), outermost_(trace), sink_(reading_) {
    reading_.calls.resize(trace.spans.size());
    reading_.records.resize(logs.records.size());
  }

  Reading Run() {
    for (uint32_t i = 0; i < trace_.spans.size(); ++i) ReadSpan(i);
    for (uint32_t i = 0; i < logs_.records.size(); ++i) ReadRecord(i);
    FillCalls();
    std::vector<bool> had_messages(logs_.records.size(), false);
    MarkCarriers(had_messages);
    SpeakAsTools();
    MarkCutAttributes(trace_, reading_);
    MakeArgumentsReadable();
    MergeMessages(trace_, ancestry_, sink_.copies(), reading_);
    MarkRepeatsOfFailures(outcomes_, reading_);
    HealMessages(reading_);
    FillFinishReasons(trace_, reading_);
    FinishRecords(had_messages);
    AddFindings(trace_, ancestry_, logs_, reading_);
    return std::move(reading_);
  }

 private:
  void ReadSpan(uint32_t index) {
    const Span& span = trace_.spans[index];
    const SpanCarrier carrier{trace_, span, index, Fields(span.attributes), ancestry_};
    const size_t begin = reading_.messages.size();
    uint32_t number = 0;
    for (const Dialect& dialect : Dialects()) {
      if (dialect.read_span != nullptr) {
        sink_.BeginSpan(index, kFromSpanAttribute);
        sink_.BeginDialect(number);
        dialect.read_span(carrier, sink_);
      }
      if (dialect.read_usage != nullptr) {
        dialect.read_usage(carrier, reading_.calls[index], *reading_.arena);
      }
      ++number;
    }
    if (reading_.calls[index].kind == CallKind::kTool) NoteOutcome(carrier, begin);
    NameSwitch(begin, trace_.scope_of(span).name);
  }

  // What the span of a failed tool's call has as its result is no success.
  void NoteOutcome(const SpanCarrier& carrier, size_t begin) {
    const bool failed = carrier.span.status == StatusCode::kError || SaysFailed(carrier.fields);
    outcomes_.push_back({carrier.index, ToolCallIdOf(carrier.fields), failed});
    if (!failed) return;
    for (size_t i = begin; i < reading_.messages.size(); ++i) {
      Message& message = reading_.messages[i];
      message.failed |=
          message.kind == PartKind::kToolResult && message.direction == Direction::kOutput;
    }
  }

  // The shared readers know one switch only; many instrumentations have their own.
  void NameSwitch(size_t begin, std::string_view scope_name) {
    for (size_t i = begin; i < reading_.messages.size(); ++i) {
      std::string_view& hint = reading_.messages[i].hint;
      if (hint == kCaptureOffHint) hint = CaptureHint(scope_name);
    }
  }

  void ReadRecord(uint32_t index) {
    const LogRecord& record = logs_.records[index];
    const uint32_t named = record.span_id == 0 ? kNoIndex : ancestry_.Find(record.span_id);
    const RecordCarrier carrier{trace_,    logs_, record,
                                index,     named, Fields(record, logs_.streams[record.stream]),
                                outermost_};
    const size_t begin = reading_.messages.size();
    const size_t calls_begin = reading_.record_calls.size();
    uint32_t number = 0;
    for (const Dialect& dialect : Dialects()) {
      const uint32_t current = number++;
      if (dialect.read_record == nullptr) continue;
      sink_.BeginRecord(index, named, record.time_ns);
      sink_.BeginDialect(current);
      if (dialect.read_record(carrier, sink_)) break;
    }
    Join(carrier, begin);
    NameSwitch(begin, record.scope_name);
    const uint32_t joined = reading_.records[index].span;
    const bool moves =
        joined != kNoIndex && (named == kNoIndex || ancestry_.IsAbove(joined, named));
    for (size_t i = calls_begin; i < reading_.record_calls.size(); ++i) {
      reading_.record_calls[i].span = moves ? joined : named;
    }
  }

  // Settles which span the record's messages belong to; weave places the record by the same rule.
  void Join(const RecordCarrier& carrier, size_t begin) {
    RecordView& view = reading_.records[carrier.index];
    if (view.span == kNoIndex) {
      if (carrier.span != kNoIndex) return;
      if (!join_) join_.emplace(trace_, ancestry_, reading_.calls);
      const Joined joined = join_->Find(carrier.fields, carrier.record.time_ns);
      if (joined.span == kNoIndex) return;
      view.span = joined.span;
      view.match = joined.match;
    } else if (carrier.span == kNoIndex && JoinIndex::IsBroad(view.match)) {
      if (!join_) join_.emplace(trace_, ancestry_, reading_.calls);
      const uint32_t above = view.span;
      view.span = join_->InnermostBelow(above, carrier.record.time_ns);
      for (size_t i = begin; i < reading_.messages.size(); ++i) {
        if (reading_.messages[i].span == above) reading_.messages[i].span = view.span;
      }
    }
    const bool moves = carrier.span == kNoIndex || ancestry_.IsAbove(view.span, carrier.span);
    if (!moves) return;
    for (size_t i = begin; i < reading_.messages.size(); ++i) {
      Message& message = reading_.messages[i];
      if (message.span == kNoIndex || message.span == carrier.span) message.span = view.span;
    }
  }

  // What only a record says of a call that has a span.
  void FillCalls() {
    const auto fill = [](auto more, auto& unset) {
      if (unset < 0) unset = more;
    };
    for (const RecordCall& recorded : reading_.record_calls) {
      if (recorded.span == kNoIndex) continue;
      CallUsage& call = reading_.calls[recorded.span];
      if (call.kind != CallKind::kModel) continue;
      const CallUsage& more = recorded.usage;
      // Reasoning is a part of the output, whose count may mean another thing on the span.
      if (call.output_tokens < 0) fill(more.reasoning_tokens, call.reasoning_tokens);
      fill(more.output_tokens, call.output_tokens);
      fill(more.input_tokens, call.input_tokens);
      fill(more.cache_read_tokens, call.cache_read_tokens);
      fill(more.cache_write_tokens, call.cache_write_tokens);
      fill(more.cost_usd, call.cost_usd);
      fill(more.ttft_ms, call.ttft_ms);
      if (call.model.empty()) call.model = more.model;
    }
  }

  // On the tool's own span it is the tool that is spoken to.
  void SpeakAsTools() {
    for (Message& message : reading_.messages) {
      if (message.kind == PartKind::kToolCall && message.direction == Direction::kInput &&
          message.span != kNoIndex && reading_.calls[message.span].kind == CallKind::kTool) {
        message.role = Role::kTool;
      }
    }
  }

  // Arguments are JSON in whichever place they are found: letters written as \uXXXX are letters.
  void MakeArgumentsReadable() {
    for (Message& message : reading_.messages) {
      std::string_view& arguments = message.tool.arguments;
      if (arguments.empty() || (arguments.front() != '{' && arguments.front() != '[')) continue;
      arguments = UnescapeLetters(arguments, *reading_.arena);
    }
  }

  void MarkCarriers(std::vector<bool>& carriers) const {
    for (const Message& message : reading_.messages) {
      if (message.record != kNoIndex) carriers[message.record] = true;
    }
  }

  void FinishRecords(const std::vector<bool>& had_messages) {
    std::vector<bool> has_messages(logs_.records.size(), false);
    MarkCarriers(has_messages);
    for (size_t i = 0; i < reading_.records.size(); ++i) {
      RecordView& view = reading_.records[i];
      view.is_message = has_messages[i];
      view.is_repeat = had_messages[i] && !has_messages[i];
      if (!view.is_repeat || !view.title.empty()) continue;
      const LogRecord& record = logs_.records[i];
      if (!TrimSpace(record.line).empty()) continue;
      const Fields fields(record, logs_.streams[record.stream]);
      view.title = reading_.arena->Copy(
          Concat(CallTitle(fields), " (its messages are shown as records of their own)"));
    }
  }

  const Trace& trace_;
  const LogBatch& logs_;
  Reading reading_;
  Ancestry ancestry_;
  OutermostIndex outermost_;
  Sink sink_;
  std::optional<JoinIndex> join_;
  std::vector<ToolOutcome> outcomes_;
};

}  // namespace

Reading Read(const Trace& trace, const LogBatch& logs) { return Reader(trace, logs).Run(); }

}  // namespace spanlog::genai
