#include "genai/join_index.h"

#include <algorithm>
#include <initializer_list>

namespace spanlog::genai {
namespace {

// An answer is logged when its call is over.
constexpr int64_t kJustEndedNs = 20'000'000;
// Spans looked at for one record, so that a huge trace costs no walk over all of it.
constexpr int kMaxLookBack = 1024;
// Of one id, from which on they are no more looked through for each record.
constexpr size_t kManySpans = 64;

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

JoinIndex::JoinIndex(const Trace& trace, const Ancestry& ancestry,
                     const std::vector<CallUsage>& calls)
    : trace_(trace), ancestry_(ancestry), calls_(calls) {
  static_assert(std::size(kJoinKeys) == kKeys);
  by_start_.resize(trace.spans.size());
  for (uint32_t i = 0; i < by_start_.size(); ++i) by_start_[i] = i;
  std::stable_sort(by_start_.begin(), by_start_.end(), [&](uint32_t a, uint32_t b) {
    return trace.spans[a].start_ns < trace.spans[b].start_ns;
  });
  StringMap<uint32_t> groups;  // bit per join key
  for (size_t k = 0; k < kKeys; ++k) {
    for (const std::string_view key : kJoinKeys[k].on_span) groups[key] |= 1u << k;
  }
  for (uint32_t i = 0; i < trace.spans.size(); ++i) {
    for (const Attribute& attribute : trace.spans[i].attributes) {
      const auto found = groups.find(attribute.key);
      if (found == groups.end() || attribute.value.text().empty()) continue;
      for (size_t k = 0; k < kKeys; ++k) {
        if ((found->second >> k) & 1) spans_[k][attribute.value.text()].push_back(i);
      }
    }
  }
}

bool JoinIndex::IsBroad(std::string_view match) {
  return match == "prompt_id" || match == "conversation_id" || match == "session_id";
}

uint32_t JoinIndex::InnermostBelow(uint32_t ancestor, int64_t time_ns) const {
  auto after = std::upper_bound(
      by_start_.begin(), by_start_.end(), time_ns,
      [&](int64_t time, uint32_t span) { return time < trace_.spans[span].start_ns; });
  uint32_t just_ended = kNoIndex;
  for (int looked = 0; after != by_start_.begin() && looked < kMaxLookBack; ++looked) {
    const uint32_t i = *--after;
    const int64_t end = trace_.spans[i].end_ns;
    if (time_ns > end + kJustEndedNs || !ancestry_.IsAbove(ancestor, i)) continue;
    if (time_ns <= end) return i;
    const bool model = calls_[i].kind == CallKind::kModel;
    if (model && (just_ended == kNoIndex || end > trace_.spans[just_ended].end_ns)) just_ended = i;
  }
  return just_ended == kNoIndex ? ancestor : just_ended;
}

uint32_t JoinIndex::InnermostOf(const std::vector<uint32_t>& spans, int64_t time_ns) const {
  uint32_t best = spans.front();
  if (spans.size() > kManySpans) {
    const auto covering = coverings_.try_emplace(&spans, trace_, spans).first;
    const uint32_t found = covering->second.LatestAt(time_ns);
    return found == kNoIndex ? best : found;
  }
  bool covers = false;
  for (const uint32_t i : spans) {
    const Span& span = trace_.spans[i];
    if (time_ns < span.start_ns || time_ns > span.end_ns) continue;
    if (!covers || span.start_ns > trace_.spans[best].start_ns) best = i;
    covers = true;
  }
  return best;
}

Joined JoinIndex::Find(const Fields& record, int64_t time_ns) const {
  for (size_t k = 0; k < kKeys; ++k) {
    if (spans_[k].empty()) continue;
    for (const std::string_view key : kJoinKeys[k].on_record) {
      const std::string_view id = record.Text(key);
      if (id.empty()) continue;
      const auto found = spans_[k].find(id);
      if (found == spans_[k].end()) continue;
      uint32_t best = InnermostOf(found->second, time_ns);
      if (IsBroad(kJoinKeys[k].match)) best = InnermostBelow(best, time_ns);
      return {best, kJoinKeys[k].match};
    }
  }
  return {};
}

}  // namespace spanlog::genai
