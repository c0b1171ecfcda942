// What the genai room reads out of spans and records: messages (one per part) and
// what each model call used. Plain structs; texts are views that live as long as
// the Reading, the trace and the log batch they were read from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace spanlog {

inline constexpr uint32_t kNoIndex = 0xFFFFFFFFu;

enum class Role : uint8_t { kSystem, kUser, kAssistant, kTool, kEvaluation };
enum class PartKind : uint8_t {
  kText,
  kReasoning,
  kToolCall,    // tool.name, tool.id, tool.arguments
  kToolResult,  // text is the result; tool.id and tool.name where known
  kMedia,       // text is a labelled placeholder with type and size
  kEvaluation,
};
enum class MessageStatus : uint8_t { kFull, kHealed, kRepaired, kCut, kRedacted, kOff };
enum class Direction : uint8_t { kInput, kOutput };

// Where a text was found; several may be set.
enum MessageSource : uint8_t {
  kFromLog = 1,
  kFromSpanAttribute = 2,
  kFromSpanEvent = 4,
};

struct ToolPart {
  std::string_view name;
  std::string_view id;
  std::string_view arguments;  // JSON text, or text as it was sent
  std::string_view result =
      {};  // the whole result when the message's text is only its readable part
};

// One part of one message of one model or tool call: one row in the view.
struct Message {
  Role role = Role::kUser;
  PartKind kind = PartKind::kText;
  Direction direction = Direction::kInput;
  MessageStatus status = MessageStatus::kFull;
  uint8_t sources = 0;  // MessageSource bits
  bool failed = false;  // results of tools whose telemetry says so
  std::string_view text;
  ToolPart tool;
  std::string_view name;           // participant or agent name, where sent
  std::string_view finish_reason;  // outputs only
  int choice = -1;                 // outputs with more than one choice

  uint32_t span = kNoIndex;    // index into Trace::spans: the call that carried it
  uint32_t record = kNoIndex;  // index into LogBatch::records: the record it came from
  int64_t time_ns = 0;         // its own time; 0: inputs at the call's start, outputs at its end
  uint32_t order = 0;          // order among the messages of its span and direction
  std::string_view hint;       // how to get what is missing (status off, redacted, cut)
};

// What a model or tool call says of itself. One per span that is one.
enum class CallKind : uint8_t { kNone, kModel, kTool, kAgent };
struct CallUsage {
  CallKind kind = CallKind::kNone;
  int64_t input_tokens = -1;  // with cached tokens; -1 = not said
  int64_t output_tokens = -1;
  int64_t cache_read_tokens = -1;
  int64_t cache_write_tokens = -1;
  int64_t reasoning_tokens = -1;
  double cost_usd = -1;  // as emitted by the source; -1 = not said
  double ttft_ms = -1;   // time to first token
  std::string_view model;
  std::string_view provider;
  std::string_view tool_name;
  std::string_view agent_name;
  std::string_view conversation_id;
  std::string_view response_id;
  bool aggregates_children = false;  // its usage repeats that of calls below it
};

// A better title or level for a record that is no message (an api_request event, say).
struct RecordView {
  std::string_view title;    // empty: the record's own text
  uint32_t span = kNoIndex;  // the span that join keys name, when the record has no span id
  std::string_view match;    // the join key used: response_id, tool_call_id, prompt_id, …
  bool is_message = false;   // its messages stand for it; no plain row needed
  bool is_repeat = false;    // what it carries is shown by the rows of other records
};

// A model call that a record tells of (an API request that an agent's CLI logged, say). Where the
// trace has a span for the call, `calls` holds what the record adds; elsewhere it counts by itself.
struct RecordCall {
  uint32_t record = kNoIndex;  // index into LogBatch::records
  uint32_t span = kNoIndex;    // index into Trace::spans: where the record belongs
  CallUsage usage;
};

struct Reading {
  std::vector<Message> messages;
  std::vector<CallUsage> calls;     // parallel to Trace::spans
  std::vector<RecordView> records;  // parallel to LogBatch::records
  std::vector<RecordCall> record_calls;
  std::vector<std::string> findings;  // the doctor's: what is missing and what to do
  std::shared_ptr<Arena> arena = std::make_shared<Arena>();
};

}  // namespace spanlog
