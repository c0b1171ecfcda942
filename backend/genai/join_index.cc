#include "genai/join_index.h"

#include <initializer_list>

namespace spanlog::genai {
namespace {

struct JoinKey {
  std::string_view match;
  std::initializer_list<std::string_view> on_record;
  std::initializer_list<std::string_view> on_span;
};

// The narrowest first.
const JoinKey kJoinKeys[] = {
    {"response_id", {"gen_ai.response.id"}, {"gen_ai.response.id"}},
    {"tool_call_id",
     {"gen_ai.tool.call.id", "gen_ai.tool.call_id", "tool_use_id", "tool_call_id", "call_id"},
     {"gen_ai.tool.call.id", "gen_ai.tool.call_id", "tool_use_id", "tool_call_id", "call_id",
      "tool_call.id", "ai.toolCall.id"}},
    {"request_id", {"request_id"}, {"request_id", "gen_ai.response.id"}},
    {"prompt_id", {"prompt.id", "prompt_id"}, {"prompt.id", "prompt_id"}},
    {"conversation_id",
     {"gen_ai.conversation.id", "conversation.id", "session.id"},
     {"gen_ai.conversation.id", "conversation.id", "session.id"}},
};

}  // namespace

JoinIndex::JoinIndex(const Trace& trace) : trace_(trace) {
  static_assert(std::size(kJoinKeys) == kKeys);
  StringMap<uint32_t> groups;  // bit per join key
  for (size_t k = 0; k < kKeys; ++k) {
    for (const std::string_view key : kJoinKeys[k].on_span) groups[key] |= 1u << k;
  }
  for (uint32_t i = 0; i < trace.spans.size(); ++i) {
    for (const Attribute& attribute : trace.spans[i].attributes) {
      const auto found = groups.find(attribute.key);
      if (found == groups.end() || attribute.value.text.empty()) continue;
      for (size_t k = 0; k < kKeys; ++k) {
        if ((found->second >> k) & 1) spans_[k][attribute.value.text].push_back(i);
      }
    }
  }
}

Joined JoinIndex::Find(const Fields& record, int64_t time_ns) const {
  for (size_t k = 0; k < kKeys; ++k) {
    if (spans_[k].empty()) continue;
    for (const std::string_view key : kJoinKeys[k].on_record) {
      const std::string_view id = record.Text(key);
      if (id.empty()) continue;
      const auto found = spans_[k].find(id);
      if (found == spans_[k].end()) continue;
      uint32_t best = found->second.front();
      bool covers = false;
      for (const uint32_t i : found->second) {
        const Span& span = trace_.spans[i];
        if (time_ns < span.start_ns || time_ns > span.end_ns) continue;
        if (!covers || span.start_ns > trace_.spans[best].start_ns) best = i;
        covers = true;
      }
      return {best, kJoinKeys[k].match};
    }
  }
  return {};
}

}  // namespace spanlog::genai
