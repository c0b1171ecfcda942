// The messages of a woven trace, call by call, in the order in which a person reads them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "weave/woven.h"

namespace spanlog::exports {

enum class EntryKind { kText, kReasoning, kToolCall, kToolResult, kEvaluation, kHistory, kError };

// Views into the woven trace.
struct Entry {
  EntryKind kind = EntryKind::kText;
  std::string_view role;  // message.role; the level of a kError
  std::string_view text;
  std::string_view tool_name;
  std::string_view tool_id;
  std::string_view arguments;      // kToolCall
  std::string_view name;           // participant
  std::string_view status;         // message.status
  bool failed = false;             // kToolResult: the tool says so
  bool absent = false;             // nothing was captured: `text` only says so
  std::string_view hint;           // how to get what is missing
  std::string_view finish_reason;  // outputs
  int64_t choice = -1;
};

// What one span carried.
struct Section {
  const weave::Row* call = nullptr;  // null: records without a span
  bool continued = false;            // the span has an earlier section
  std::vector<Entry> entries;
};

struct Conversation {
  const weave::Row* root = nullptr;  // null: there is no row at all
  std::vector<Section> sections;
  size_t other_records = 0;  // records that are neither messages nor errors
};

// A call without messages below it is one section, where its first message stands. A span above
// other calls (an agent) has a section wherever something of its own happens. What it merely
// repeats of the calls below it is left out, and so is what a tool's span repeats of the messages
// of a model's call. A row that is a tool's call and its result is two entries.
Conversation ReadConversation(const weave::Woven& woven);

}  // namespace spanlog::exports
