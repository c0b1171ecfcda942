#include "genai/merge.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/stable_hash.h"
#include "base/text.h"
#include "genai/same_message.h"

namespace spanlog::genai {
namespace {

// A message while its span's copies are merged.
struct Entry {
  Message message;
  Fingerprint print;
  uint32_t copy = 0;  // the copy that was last merged into it
};

// Is `other`'s text a better one than `held`'s?
bool IsBetterText(const Message& other, const Message& held) {
  if (IsAbsent(held)) return !IsAbsent(other);
  if (IsAbsent(other)) return false;
  if (IsCut(held) != IsCut(other)) return IsCut(held);
  if (IsCut(held)) {
    return other.text.size() + other.tool.arguments.size() >
           held.text.size() + held.tool.arguments.size();
  }
  // Loki writes structured values anew; the span's copy is as the emitter wrote it.
  return held.kind == PartKind::kToolCall && held.sources == kFromLog &&
         (other.sources & kFromLog) == 0 && !other.tool.arguments.empty();
}

void TakeText(const Message& from, Message& to) {
  to.kind = from.kind;
  to.role = from.role;
  to.status = from.status;
  to.hint = from.hint;
  to.text = from.text;
  if (!from.tool.arguments.empty()) to.tool.arguments = from.tool.arguments;
  // The cut may have gone through a name or an id.
  if (!from.tool.name.empty()) to.tool.name = from.tool.name;
  if (!from.tool.id.empty()) to.tool.id = from.tool.id;
  to.tool.result = from.tool.result;
}

void FillEmpty(std::string_view from, std::string_view& to) {
  if (to.empty()) to = from;
}

void Absorb(Entry& held, const Entry& other) {
  Message& a = held.message;
  const Message& b = other.message;
  const bool one_was_cut = IsCut(a) != IsCut(b) && !IsAbsent(a) && !IsAbsent(b);
  if (IsBetterText(b, a)) {
    TakeText(b, a);
    held.print = other.print;
  }
  if (one_was_cut) {
    a.status = MessageStatus::kHealed;
    a.hint = {};
  }
  a.sources |= b.sources;
  FillEmpty(b.name, a.name);
  FillEmpty(b.finish_reason, a.finish_reason);
  FillEmpty(b.tool.name, a.tool.name);
  FillEmpty(b.tool.id, a.tool.id);
  FillEmpty(b.tool.arguments, a.tool.arguments);
  FillEmpty(b.tool.result, a.tool.result);
  if (IsCut(b) == IsCut(a) && b.tool.name.size() > a.tool.name.size()) a.tool.name = b.tool.name;
  if (a.choice < 0) a.choice = b.choice;
  a.failed |= b.failed;
  const bool b_is_own = b.record != kNoIndex && b.time_ns != 0;
  const bool a_is_own = a.record != kNoIndex && a.time_ns != 0;
  if (b.record != kNoIndex && (a.record == kNoIndex || (b_is_own && !a_is_own))) {
    a.record = b.record;
    a.time_ns = b.time_ns;
  }
}

bool Matches(const Entry& held, const Entry& other, bool in_place) {
  // Something that was not captured is whatever another copy has in its place.
  if (IsAbsent(held.message) != IsAbsent(other.message) && !in_place &&
      held.message.tool.id.empty()) {
    return false;
  }
  return SameMessage(held.message, held.print, other.message, other.print) ||
         BeginsMessage(held.message, other.message, in_place) ||
         BeginsMessage(other.message, held.message, in_place);
}

// Merges the copies of one span and direction. The fullest copy comes first.
std::vector<Entry> MergeCopies(std::vector<std::vector<Entry>> copies) {
  const auto fullness = [](const std::vector<Entry>& copy) {
    const bool cut = std::any_of(copy.begin(), copy.end(),
                                 [](const Entry& entry) { return IsCut(entry.message); });
    const bool absent = std::all_of(copy.begin(), copy.end(),
                                    [](const Entry& entry) { return IsAbsent(entry.message); });
    return std::pair(!absent, copy.size() * 2 + (cut ? 0 : 1));
  };
  std::stable_sort(copies.begin(), copies.end(),
                   [&](const auto& a, const auto& b) { return fullness(a) > fullness(b); });
  std::vector<Entry> merged = std::move(copies.front());
  for (size_t c = 1; c < copies.size(); ++c) {
    size_t cursor = 0;
    for (Entry& entry : copies[c]) {
      size_t found = merged.size();
      const auto look = [&](size_t from, size_t to) {
        for (size_t i = from; i < to && found == merged.size(); ++i) {
          if (merged[i].copy != entry.copy && Matches(merged[i], entry, i == cursor)) found = i;
        }
      };
      look(cursor, merged.size());
      look(0, std::min(cursor, merged.size()));
      if (found == merged.size()) {
        merged.insert(merged.begin() + static_cast<ptrdiff_t>(cursor), entry);
        ++cursor;
        continue;
      }
      Absorb(merged[found], entry);
      merged[found].copy = entry.copy;
      cursor = found + 1;
    }
  }
  return merged;
}

// A copy that captured nothing at all says nothing once another copy of the call has content. What
// a record carries, and the name of a called tool, stay.
void DropPointlessCopies(std::vector<std::vector<Entry>>& copies) {
  const auto is_absent = [](const Entry& entry) { return IsAbsent(entry.message); };
  const auto says_nothing = [&](const std::vector<Entry>& copy) {
    return std::all_of(copy.begin(), copy.end(), is_absent);
  };
  if (std::all_of(copies.begin(), copies.end(), says_nothing)) return;
  for (std::vector<Entry>& copy : copies) {
    if (!says_nothing(copy)) continue;
    const auto stays = [](const Entry& entry) {
      return entry.message.record != kNoIndex || entry.message.kind == PartKind::kToolCall;
    };
    copy.erase(
        std::remove_if(copy.begin(), copy.end(), [&](const Entry& entry) { return !stays(entry); }),
        copy.end());
  }
}

std::vector<Entry> MergeSpan(std::vector<Entry> entries) {
  std::vector<Entry> result;
  for (const Direction direction : {Direction::kInput, Direction::kOutput}) {
    std::vector<std::vector<Entry>> copies;
    absl::flat_hash_map<uint32_t, size_t> index;
    for (Entry& entry : entries) {
      if (entry.message.direction != direction) continue;
      const auto [at, is_new] = index.emplace(entry.copy, copies.size());
      if (is_new) copies.emplace_back();
      copies[at->second].push_back(std::move(entry));
    }
    if (copies.empty()) continue;
    DropPointlessCopies(copies);
    std::vector<Entry> merged = MergeCopies(std::move(copies));
    for (uint32_t i = 0; i < merged.size(); ++i) {
      merged[i].message.order = i;
      result.push_back(std::move(merged[i]));
    }
  }
  return result;
}

// Key of what a message says, whichever way it went.
uint64_t ContentKey(const Entry& entry) {
  const Message& message = entry.message;
  StableHash hash;
  hash.Add(static_cast<uint64_t>(message.kind));
  if (message.kind == PartKind::kToolCall) {
    hash.Add(message.tool.name);
    hash.Add(entry.print.arguments);
  } else {
    if (message.kind != PartKind::kToolResult) hash.Add(static_cast<uint64_t>(message.role));
    hash.Add(entry.print.text);
  }
  return hash.value();
}

// Knows which messages of a span are said again by calls below it.
class RepeatFilter {
 public:
  RepeatFilter(const Trace& trace, const Ancestry& ancestry, const Reading& reading,
               const std::vector<Entry>& all)
      : trace_(trace), ancestry_(ancestry), reading_(reading), all_(all) {
    for (const Entry& entry : all) {
      if (entry.message.span == kNoIndex || IsAbsent(entry.message)) continue;
      std::vector<uint32_t>& spans = spans_[ContentKey(entry)];
      if (spans.empty() || spans.back() != entry.message.span) spans.push_back(entry.message.span);
    }
  }

  bool IsRepeat(const Entry& entry) const {
    const Message& message = entry.message;
    if (message.record != kNoIndex || message.span == kNoIndex || IsAbsent(message)) return false;
    if (reading_.calls[message.span].kind == CallKind::kTool) return IsServersEcho(entry);
    if (ancestry_.is_leaf(message.span)) return false;
    for (const uint32_t span : spans_.at(ContentKey(entry))) {
      if (IsBelow(message.span, span)) return true;
    }
    if (!IsCut(message)) return false;
    return std::any_of(all_.begin(), all_.end(), [&](const Entry& other) {
      return other.message.span != kNoIndex && IsBelow(message.span, other.message.span) &&
             BeginsMessage(message, other.message, false);
    });
  }

 private:
  // What a model was told or said is not repeated by the tools below its span.
  bool IsBelow(uint32_t above, uint32_t below) const {
    const bool counts = reading_.calls[above].kind != CallKind::kModel ||
                        reading_.calls[below].kind == CallKind::kModel;
    return counts && ancestry_.IsAbove(above, below);
  }

  // An MCP server's span has what its client's span has: the call as it came over the wire.
  bool IsServersEcho(const Entry& entry) const {
    const Span& server = trace_.spans[entry.message.span];
    if (server.kind != SpanKind::kServer || !IsMcp(server)) return false;
    const std::vector<uint32_t>& spans = spans_.at(ContentKey(entry));
    return std::any_of(spans.begin(), spans.end(), [&](uint32_t span) {
      return trace_.spans[span].kind == SpanKind::kClient && IsMcp(trace_.spans[span]) &&
             ancestry_.IsAbove(span, entry.message.span);
    });
  }
  static bool IsMcp(const Span& span) {
    return spanlog::Find(span.attributes, "mcp.method.name") != nullptr;
  }

  const Trace& trace_;
  const Ancestry& ancestry_;
  const Reading& reading_;
  const std::vector<Entry>& all_;
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> spans_;  // by what is said there
};

// Many results carry only the id of their call; the call knows the tool's name. Some servers number
// their calls anew each time, so the last call of the same span goes first, and an id that means
// several tools elsewhere names none.
void NameResults(std::vector<Entry>& entries) {
  StringMap<std::string_view> anywhere;  // empty: several
  for (const Entry& entry : entries) {
    const ToolPart& tool = entry.message.tool;
    if (entry.message.kind != PartKind::kToolCall || tool.id.empty() || tool.name.empty()) continue;
    const auto [at, is_new] = anywhere.emplace(tool.id, tool.name);
    if (!is_new && at->second != tool.name) at->second = {};
  }
  StringMap<std::string_view> here;
  uint32_t span = kNoIndex;
  for (Entry& entry : entries) {
    ToolPart& tool = entry.message.tool;
    if (entry.message.span != span) here.clear();
    span = entry.message.span;
    if (entry.message.kind == PartKind::kToolCall) here[tool.id] = tool.name;
    const bool is_result = entry.message.kind == PartKind::kToolResult;
    if (!is_result || !tool.name.empty() || tool.id.empty()) continue;
    const auto near = here.find(tool.id);
    const auto far = anywhere.find(tool.id);
    if (near != here.end()) {
      tool.name = near->second;
    } else if (far != anywhere.end()) {
      tool.name = far->second;
    }
  }
}

}  // namespace

void MergeMessages(const Trace& trace, const Ancestry& ancestry,
                   const std::vector<uint32_t>& copies, Reading& reading) {
  std::vector<std::vector<Entry>> by_span(trace.spans.size());
  std::vector<Entry> all;  // first those that belong to no span
  for (size_t i = 0; i < reading.messages.size(); ++i) {
    const Message& message = reading.messages[i];
    Entry entry{message, FingerprintOf(message, *reading.arena), copies[i]};
    (message.span == kNoIndex ? all : by_span[message.span]).push_back(std::move(entry));
  }
  for (std::vector<Entry>& entries : by_span) {
    if (entries.empty()) continue;
    std::vector<Entry> merged = MergeSpan(std::move(entries));
    all.insert(all.end(), merged.begin(), merged.end());
  }
  NameResults(all);
  const RepeatFilter repeats(trace, ancestry, reading, all);
  reading.messages.clear();
  for (const Entry& entry : all) {
    if (!repeats.IsRepeat(entry)) reading.messages.push_back(entry.message);
  }
}

}  // namespace spanlog::genai
