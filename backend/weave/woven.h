// The woven trace: rows ready to be drawn, spans and log spans alike. It is what
// policy filters, frame encodes and the terminal draws.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "base/arena.h"
#include "model/message.h"
#include "model/trace.h"
#include "model/value.h"

namespace spanlog::weave {

// How the trace view renders a tag's value (traceview.md 2). The value is always raw text here;
// whoever writes text and code to Grafana escapes it.
enum class TagFormat : uint8_t {
  kPlain,  // no `type`: JSON is pretty-printed, other text is quoted
  kText,   // `type:"text"`: HTML to Grafana
  kCode,   // `type:"code"`: HTML to Grafana
};

struct Tag {
  std::string_view key;
  Value value;
  TagFormat format = TagFormat::kPlain;
};

enum class RowKind : uint8_t { kSpan, kLog, kMessage, kHistory, kRun };

struct Row {
  RowKind kind = RowKind::kSpan;
  std::string_view span_id;         // unique, never empty, stable across queries
  std::string_view parent_span_id;  // empty only for roots
  std::string_view operation_name;  // one line
  std::string_view service_name;
  SpanKind span_kind = SpanKind::kUnspecified;
  StatusCode status = StatusCode::kUnset;
  std::string_view status_message;
  std::string_view scope_name;
  std::string_view scope_version;
  std::string_view trace_state;
  int64_t start_ns = 0;  // > 0
  int64_t duration_ns = 0;
  uint32_t depth = 0;           // below the root, for the terminal
  Attributes resource;          // serviceTags
  Attributes attributes;        // of a real span
  Attributes scope_attributes;  // of a real span; drawn with its attributes
  absl::Span<const Tag> tags;   // of a log span; roll-ups of a real span
  absl::Span<const SpanEvent> events;
  absl::Span<const SpanLink> links;
  absl::Span<const std::string_view> warnings;
  absl::Span<const std::string_view> stack_traces;
};

// One model, tool or agent call, for the views that count them. Texts live as the rows' do.
struct Call {
  CallKind kind = CallKind::kNone;
  uint32_t parent = kNoIndex;  // index into Woven::calls: the call in which this one was made
  std::string_view name;       // of the model, the tool or the agent; never empty
  std::string_view provider;   // of a model, where it is known
  std::string_view service;
  int64_t start_ns = 0;
  int64_t duration_ns = 0;  // -1: not known, a record tells of the call
  bool failed = false;
  int64_t input_tokens = -1;  // with cached tokens; -1: not said, like the others
  int64_t output_tokens = -1;
  int64_t cache_read_tokens = -1;
  int64_t cache_write_tokens = -1;
  double cost_usd = -1;  // -1: not known
};

enum class NoticeSeverity : uint8_t { kInfo, kWarning, kError };
struct Notice {
  NoticeSeverity severity = NoticeSeverity::kInfo;
  std::string text;
};

struct Woven {
  std::string trace_id;     // as every row shows it
  std::vector<Row> rows;    // by start in ns, spans before log spans at the same instant
  std::vector<Call> calls;  // each after the one it was made in
  std::vector<Notice> notices;
  // Ids of the records (RowIds::ForRecord) whose first message a history row stands for: no row has
  // them.
  std::vector<std::string_view> folded_records;
  bool partial = false;
  std::shared_ptr<Arena> arena = std::make_shared<Arena>();
  std::vector<std::shared_ptr<const void>> keep;  // owners of what the rows' views point into
};

// Keys of the contract in design.md "Attributes of a log span".
inline constexpr std::string_view kMessageKey = "@message";
inline constexpr std::string_view kToolArgumentsKey = "@tool.arguments";
inline constexpr std::string_view kToolResultKey = "@tool.result";
inline constexpr std::string_view kKindKey = "spanlog.kind";
inline constexpr std::string_view kMatchKey = "spanlog.match";
inline constexpr std::string_view kTimestampKey = "log.timestamp";
inline constexpr std::string_view kLevelKey = "log.level";
inline constexpr std::string_view kRoleKey = "message.role";
inline constexpr std::string_view kStatusKey = "message.status";
inline constexpr std::string_view kSourcesKey = "message.sources";
inline constexpr std::string_view kFinishReasonKey = "message.finish_reason";
inline constexpr std::string_view kToolNameKey = "tool.name";
inline constexpr std::string_view kToolCallIdKey = "tool.call.id";
inline constexpr std::string_view kToolFailedKey = "tool.failed";  // true, or absent
inline constexpr std::string_view kSummaryKey = "summary";

}  // namespace spanlog::weave
