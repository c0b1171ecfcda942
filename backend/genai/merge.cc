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
  uint32_t copy = 0;  // the copy that was last merged into it
  Fingerprint print = {};
  bool has_print = false;  // made when it is first needed
};

void MakePrint(Entry& entry, Arena& arena) {
  if (!entry.has_print) entry.print = FingerprintOf(entry.message, arena);
  entry.has_print = true;
}

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

// Merges the messages of one span and direction: those in `all` from number `first` on.
void MergeDirection(size_t first, Arena& arena, std::vector<Entry>& all) {
  const auto begin = all.begin() + static_cast<ptrdiff_t>(first);
  const auto is_another = [&](const Entry& entry) { return entry.copy != begin->copy; };
  // Mostly there is one copy.
  if (std::any_of(begin, all.end(), is_another)) {
    std::vector<std::vector<Entry>> copies;
    absl::flat_hash_map<uint32_t, size_t> index;
    for (auto entry = begin; entry != all.end(); ++entry) {
      MakePrint(*entry, arena);
      const auto [at, is_new] = index.emplace(entry->copy, copies.size());
      if (is_new) copies.emplace_back();
      copies[at->second].push_back(*entry);
    }
    DropPointlessCopies(copies);
    const std::vector<Entry> merged = MergeCopies(std::move(copies));
    all.erase(begin, all.end());
    all.insert(all.end(), merged.begin(), merged.end());
  }
  for (size_t i = first; i < all.size(); ++i)
    all[i].message.order = static_cast<uint32_t>(i - first);
}

// The numbers of the messages by their spans, and among those of a span as they are. Those of no
// span come first.
std::vector<uint32_t> BySpan(const std::vector<Message>& messages, size_t spans) {
  const auto place = [](const Message& message) {
    return message.span == kNoIndex ? 0 : message.span + size_t{1};
  };
  std::vector<uint32_t> next(spans + 2, 0);
  for (const Message& message : messages) ++next[place(message) + 1];
  for (size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  std::vector<uint32_t> numbers(messages.size());
  for (uint32_t i = 0; i < messages.size(); ++i) numbers[next[place(messages[i])]++] = i;
  return numbers;
}

// All messages, those of each span merged, inputs before outputs.
std::vector<Entry> MergeSpans(const Trace& trace, const std::vector<uint32_t>& copies,
                              const Reading& reading) {
  const std::vector<uint32_t> numbers = BySpan(reading.messages, trace.spans.size());
  std::vector<Entry> all;
  all.reserve(numbers.size());
  for (size_t begin = 0, end = 0; begin < numbers.size(); begin = end) {
    const uint32_t span = reading.messages[numbers[begin]].span;
    while (end < numbers.size() && reading.messages[numbers[end]].span == span) ++end;
    const auto take = [&](auto is_taken) {
      const size_t first = all.size();
      for (size_t i = begin; i < end; ++i) {
        const Message& message = reading.messages[numbers[i]];
        if (is_taken(message)) all.push_back({message, copies[numbers[i]]});
      }
      return first;
    };
    if (span == kNoIndex) {
      take([](const Message&) { return true; });
      continue;
    }
    for (const Direction direction : {Direction::kInput, Direction::kOutput}) {
      const size_t first =
          take([&](const Message& message) { return message.direction == direction; });
      if (first < all.size()) MergeDirection(first, *reading.arena, all);
    }
  }
  return all;
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
  // Makes the prints that it needs.
  RepeatFilter(const Trace& trace, const Ancestry& ancestry, const Reading& reading,
               std::vector<Entry>& all)
      : trace_(trace), ancestry_(ancestry), reading_(reading), all_(all) {
    const auto may_be = [&](const Entry& entry) { return MayBeRepeat(entry.message); };
    if (std::none_of(all.begin(), all.end(), may_be)) return;
    for (Entry& entry : all) {
      if (entry.message.span == kNoIndex || IsAbsent(entry.message)) continue;
      MakePrint(entry, *reading.arena);
      std::vector<uint32_t>& spans = spans_[ContentKey(entry)];
      if (spans.empty() || spans.back() != entry.message.span) spans.push_back(entry.message.span);
    }
  }

  bool IsRepeat(const Entry& entry) const {
    const Message& message = entry.message;
    if (!MayBeRepeat(message)) return false;
    if (IsTool(message.span)) return IsServersEcho(entry);
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
  bool IsTool(uint32_t span) const { return reading_.calls[span].kind == CallKind::kTool; }

  // What can be told without a look at other messages.
  bool MayBeRepeat(const Message& message) const {
    if (message.record != kNoIndex || message.span == kNoIndex || IsAbsent(message)) return false;
    if (!IsTool(message.span)) return !ancestry_.is_leaf(message.span);
    const Span& span = trace_.spans[message.span];
    return span.kind == SpanKind::kServer && IsMcp(span);
  }

  // What a model was told or said is not repeated by the tools below its span.
  bool IsBelow(uint32_t above, uint32_t below) const {
    const bool counts = reading_.calls[above].kind != CallKind::kModel ||
                        reading_.calls[below].kind == CallKind::kModel;
    return counts && ancestry_.IsAbove(above, below);
  }

  // An MCP server's span has what its client's span has: the call as it came over the wire.
  bool IsServersEcho(const Entry& entry) const {
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
    if (entry.message.span != span && !here.empty()) here.clear();
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
  std::vector<Entry> all = MergeSpans(trace, copies, reading);
  NameResults(all);
  const RepeatFilter repeats(trace, ancestry, reading, all);
  reading.messages.clear();
  for (const Entry& entry : all) {
    if (!repeats.IsRepeat(entry)) reading.messages.push_back(entry.message);
  }
}

}  // namespace spanlog::genai
