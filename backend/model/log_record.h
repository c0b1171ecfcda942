// Log records as the log store gave them. Plain structs of views into the batch's
// arena. Every text is valid UTF-8.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/ids.h"
#include "model/value.h"

namespace spanlog {

enum class Level : uint8_t { kUnknown, kTrace, kDebug, kInfo, kWarn, kError, kFatal };

struct LogRecord {
  int64_t time_ns = 0;
  std::string_view line;  // as stored
  uint32_t stream = 0;    // index into LogBatch::streams
  Attributes metadata;    // Loki's structured metadata: keys have `_` for `.`
  Attributes parsed;      // fields that a LogQL parser stage found

  // What the layout of the line, the metadata or the labels says; set by the store.
  TraceId trace_id;      // empty when the record names none
  uint64_t span_id = 0;  // 0 when the record names none
  Level level = Level::kUnknown;
  std::string_view service;     // empty when unknown
  std::string_view event_name;  // OpenTelemetry's EventName or attribute event.name
  std::string_view scope_name;
  std::string_view text;  // the message: the line itself or the field that holds it
  Attributes fields;      // further fields found inside a JSON or logfmt line
};

// Labels shared by the records of one Loki stream.
struct LogStream {
  Attributes labels;
};

struct LogBatch {
  std::vector<LogStream> streams;
  std::vector<LogRecord> records;  // by time, ties in the store's order
  bool limit_reached = false;      // there are more records than `maxRecords` allowed
  std::vector<std::string> tried;  // the queries sent, for the person who looks for a record
  std::vector<std::string> warnings;
  std::vector<std::shared_ptr<Arena>> arenas;
};

}  // namespace spanlog
