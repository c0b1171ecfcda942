// Small traces and records for the weave tests, made with verbs.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "model/log_record.h"
#include "model/message.h"
#include "model/trace.h"
#include "weave/weave.h"

namespace spanlog::weave {

inline constexpr int64_t kMs = 1'000'000;
inline constexpr int64_t kStart = 1'700'000'000'000'000'000;

// Times are milliseconds after kStart.
class World {
 public:
  World() {
    trace->id = *ParseTraceId("abc1");
    trace->scopes.push_back({});
    logs->streams.push_back({});
  }

  uint32_t AddService(std::string_view name) {
    trace->resources.push_back({name, {}});
    return static_cast<uint32_t>(trace->resources.size() - 1);
  }

  uint32_t AddSpan(uint64_t id, uint64_t parent, std::string_view name, int64_t from_ms,
                   int64_t to_ms, uint32_t service = 0) {
    if (trace->resources.empty()) AddService("svc");
    Span span;
    span.span_id = id;
    span.parent_span_id = parent;
    span.name = name;
    span.start_ns = kStart + from_ms * kMs;
    span.end_ns = kStart + to_ms * kMs;
    span.resource = service;
    trace->spans.push_back(span);
    reading->calls.push_back({});
    return static_cast<uint32_t>(trace->spans.size() - 1);
  }

  LogRecord& AddRecord(uint64_t span_id, int64_t at_ms, std::string_view line) {
    LogRecord record;
    record.time_ns = kStart + at_ms * kMs;
    record.line = line;
    record.text = line;
    record.span_id = span_id;
    record.trace_id = trace->id;
    record.service = "svc";
    logs->records.push_back(record);
    reading->records.push_back({});
    return logs->records.back();
  }

  Message& AddMessage(uint32_t span, Role role, Direction direction, std::string_view text) {
    Message message;
    message.span = span;
    message.role = role;
    message.direction = direction;
    message.text = text;
    message.sources = kFromSpanAttribute;
    message.order = static_cast<uint32_t>(reading->messages.size());
    reading->messages.push_back(message);
    return reading->messages.back();
  }

  Woven Weave() const { return weave::Weave({trace->id, trace, logs, reading}, options); }

  std::shared_ptr<Trace> trace = std::make_shared<Trace>();
  std::shared_ptr<LogBatch> logs = std::make_shared<LogBatch>();
  std::shared_ptr<Reading> reading = std::make_shared<Reading>();
  WeaveOptions options;
};

inline const Row* FindRow(const Woven& woven, std::string_view operation_name) {
  for (const Row& row : woven.rows) {
    if (row.operation_name == operation_name) return &row;
  }
  return nullptr;
}

inline const Value* FindTag(const Row& row, std::string_view key) {
  for (const Tag& tag : row.tags) {
    if (tag.key == key) return &tag.value;
  }
  return nullptr;
}

inline std::string_view TagText(const Row& row, std::string_view key) {
  const Value* value = FindTag(row, key);
  return value == nullptr ? std::string_view() : value->text();
}

}  // namespace spanlog::weave
