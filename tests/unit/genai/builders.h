// Traces and records by hand. Texts must outlive the builder: string literals.
#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "genai/reader.h"
#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai::testing {

using Pairs = std::initializer_list<std::pair<std::string_view, Value>>;

inline Value S(std::string_view text) { return Value::String(text); }
inline Value J(std::string_view json) { return Value::Json(json); }
inline Value I(int64_t number) { return Value::Int(number); }

class Build {
 public:
  Build() {
    trace.resources.push_back({});
    trace.scopes.push_back({});
    logs.streams.push_back({});
    logs.tried = {"{by hand}"};
  }

  Attributes Keep(Pairs pairs) {
    std::vector<Attribute>& kept = attributes_.emplace_back();
    for (const auto& [key, value] : pairs) kept.push_back({key, value});
    return kept;
  }

  // A span one second long, each a second after the one before. Ids are 1, 2, 3 …
  uint32_t AddSpan(std::string_view name, Pairs attributes, uint64_t parent = 0) {
    const auto index = static_cast<uint32_t>(trace.spans.size());
    Span span;
    span.span_id = index + 1;
    span.parent_span_id = parent;
    span.name = name;
    span.start_ns = (index + 1) * 1'000'000'000ll;
    span.end_ns = span.start_ns + 1'000'000'000ll;
    span.attributes = Keep(attributes);
    trace.spans.push_back(span);
    return index;
  }
  void AddEvent(uint32_t span, std::string_view name, Pairs attributes) {
    events_.resize(trace.spans.size());
    SpanEvent event;
    event.time_ns = trace.spans[span].start_ns;
    event.name = name;
    event.attributes = Keep(attributes);
    events_[span].push_back(event);
    trace.spans[span].events = events_[span];
  }
  // A record of Loki: metadata keys have `_` for `.`.
  LogRecord& AddRecord(uint64_t span_id, std::string_view event_name, std::string_view line,
                       Pairs metadata = {}) {
    LogRecord record;
    record.time_ns = 1'500'000'000ll + static_cast<int64_t>(logs.records.size());
    record.span_id = span_id;
    record.event_name = event_name;
    record.line = line;
    record.text = line;
    record.metadata = Keep(metadata);
    logs.records.push_back(record);
    return logs.records.back();
  }

  Reading Read() const { return genai::Read(trace, logs); }

  Trace trace;
  LogBatch logs;

 private:
  std::deque<std::vector<Attribute>> attributes_;
  std::deque<std::vector<SpanEvent>> events_;
};

// "< system text: Be brief." per message: direction, role, kind, tool and text.
inline std::string Line(const Message& message) {
  static const char* const kRoles[] = {"system", "user", "assistant", "tool", "evaluation"};
  static const char* const kKinds[] = {"text",   "reasoning", "call",
                                       "result", "media",     "evaluation"};
  static const char* const kStatus[] = {"", " healed", " repaired", " cut", " redacted", " off"};
  std::string line = message.direction == Direction::kInput ? "< " : "> ";
  line += kRoles[static_cast<int>(message.role)];
  line += ' ';
  line += kKinds[static_cast<int>(message.kind)];
  line += kStatus[static_cast<int>(message.status)];
  if (message.failed) line += " failed";
  if (!message.tool.name.empty()) line += " " + std::string(message.tool.name);
  if (!message.tool.id.empty()) line += " " + std::string(message.tool.id);
  if (!message.tool.arguments.empty()) line += " " + std::string(message.tool.arguments);
  if (!message.text.empty()) line += ": " + std::string(message.text);
  return line;
}

inline std::vector<std::string> Lines(const Reading& reading) {
  std::vector<std::string> lines;
  for (const Message& message : reading.messages) lines.push_back(Line(message));
  return lines;
}

}  // namespace spanlog::genai::testing
