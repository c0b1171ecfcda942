#include "genai/merge.h"

#include <algorithm>
#include <list>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/text.h"
#include "genai/repeats.h"
#include "genai/same_message.h"

namespace spanlog::genai {
namespace {

// Two copies of a conversation mostly agree, so that a message is found at once. Where they do not,
// each is compared with all of the other, as long as one trace takes no more comparisons than
// these; then with so many that follow.
constexpr size_t kMostComparisons = 1 << 24;
constexpr size_t kAlwaysCompared = 64;

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

// Merges the copies of one span and direction. The fullest copy comes first. `left`: comparisons.
std::vector<Entry> MergeCopies(const std::vector<std::vector<Entry>>& copies, size_t& left) {
  const auto fullness = [](const std::vector<Entry>& copy) {
    const bool cut = std::any_of(copy.begin(), copy.end(),
                                 [](const Entry& entry) { return IsCut(entry.message); });
    const bool absent = std::all_of(copy.begin(), copy.end(),
                                    [](const Entry& entry) { return IsAbsent(entry.message); });
    return std::pair(!absent, copy.size() * 2 + (cut ? 0 : 1));
  };
  std::vector<std::pair<decltype(fullness(copies.front())), const std::vector<Entry>*>> order;
  for (const std::vector<Entry>& copy : copies) order.emplace_back(fullness(copy), &copy);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::list<Entry> merged(order.front().second->begin(), order.front().second->end());
  for (size_t c = 1; c < order.size(); ++c) {
    auto cursor = merged.begin();
    for (const Entry& entry : *order[c].second) {
      auto found = merged.end();
      size_t compared = 0;
      const auto look = [&](auto from, auto to) {
        for (auto held = from; held != to && found == merged.end(); ++held) {
          if (left > 0) {
            --left;
          } else if (++compared > kAlwaysCompared) {
            return;
          }
          if (held->copy != entry.copy && Matches(*held, entry, held == cursor)) found = held;
        }
      };
      look(cursor, merged.end());
      look(merged.begin(), cursor);
      if (found == merged.end()) {
        merged.insert(cursor, entry);
        continue;
      }
      Absorb(*found, entry);
      found->copy = entry.copy;
      cursor = std::next(found);
    }
  }
  return {merged.begin(), merged.end()};
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
void MergeDirection(size_t first, Arena& arena, size_t& comparisons_left, std::vector<Entry>& all) {
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
    const std::vector<Entry> merged = MergeCopies(copies, comparisons_left);
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
  size_t comparisons_left = kMostComparisons;
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
      if (first < all.size()) MergeDirection(first, *reading.arena, comparisons_left, all);
    }
  }
  return all;
}

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
  RepeatFilter repeats(trace, ancestry, reading, all);
  reading.messages.clear();
  for (const Entry& entry : all) {
    if (!repeats.IsRepeat(entry)) reading.messages.push_back(entry.message);
  }
}

}  // namespace spanlog::genai
