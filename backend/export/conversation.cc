#include "export/conversation.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/stable_hash.h"
#include "base/text.h"

namespace spanlog::exports {
namespace {

using weave::Row;
using weave::RowKind;

struct Tags {
  explicit Tags(const Row& row) : row(row) {}
  const Value* Find(std::string_view key) const {
    for (const weave::Tag& tag : row.tags) {
      if (tag.key == key) return &tag.value;
    }
    return nullptr;
  }
  std::string_view Text(std::string_view key) const {
    const Value* value = Find(key);
    return value == nullptr ? std::string_view() : value->text();
  }
  const Row& row;
};

EntryKind MessageKind(const Tags& tags, std::string_view role, std::string_view status) {
  if (tags.Find(weave::kToolResultKey) != nullptr) return EntryKind::kToolResult;
  const bool absent = status == "off" || status == "redacted";
  // A result of which only the call was captured.
  const bool is_bare_result = absent && role == "tool";
  if (tags.Find(weave::kToolArgumentsKey) != nullptr) {
    return is_bare_result ? EntryKind::kToolResult : EntryKind::kToolCall;
  }
  if (role == "reasoning") return EntryKind::kReasoning;
  if (role == "evaluation") return EntryKind::kEvaluation;
  if (!tags.Text(weave::kToolNameKey).empty()) {
    return is_bare_result ? EntryKind::kToolResult : EntryKind::kToolCall;
  }
  return role == "tool" ? EntryKind::kToolResult : EntryKind::kText;
}

Entry ReadEntry(const Row& row) {
  const Tags tags(row);
  Entry entry;
  if (row.kind == RowKind::kHistory) {
    entry.kind = EntryKind::kHistory;
    entry.role = "history";
    entry.text = row.operation_name;
    return entry;
  }
  entry.text = tags.Text(weave::kMessageKey);
  if (row.kind == RowKind::kLog) {
    entry.kind = EntryKind::kError;
    entry.role = tags.Text(weave::kLevelKey);
    return entry;
  }
  entry.role = tags.Text(weave::kRoleKey);
  entry.status = tags.Text(weave::kStatusKey);
  entry.kind = MessageKind(tags, entry.role, entry.status);
  entry.tool_name = tags.Text(weave::kToolNameKey);
  entry.tool_id = tags.Text(weave::kToolCallIdKey);
  entry.arguments = tags.Text(weave::kToolArgumentsKey);
  entry.name = tags.Text("message.name");
  entry.hint = tags.Text("message.hint");
  entry.failed = tags.Find(weave::kToolFailedKey) != nullptr;
  // Where nothing was captured, the text itself holds the hint.
  entry.absent = (entry.status == "off" || entry.status == "redacted") && entry.hint.empty() &&
                 entry.kind != EntryKind::kToolCall;
  if (entry.absent && !entry.arguments.empty()) {
    // Its first line names the call, which is an entry of its own.
    const size_t line_end = entry.text.find('\n');
    entry.text.remove_prefix(line_end == entry.text.npos ? entry.text.size() : line_end + 1);
  }
  entry.finish_reason = tags.Text(weave::kFinishReasonKey);
  const Value* choice = tags.Find("message.choice");
  if (choice != nullptr && choice->type == ValueType::kInt) entry.choice = choice->integer;
  return entry;
}

// An agent's CLI logs a tool's call and its result as one.
Entry CallOf(const Entry& result) {
  Entry call;
  call.kind = EntryKind::kToolCall;
  call.role = result.role;
  call.tool_name = result.tool_name;
  call.tool_id = result.tool_id;
  call.arguments = result.arguments;
  return call;
}

// Equal for entries that say the same, wherever they stand.
uint64_t Fingerprint(const Entry& entry) {
  StableHash hash;
  hash.Add(static_cast<uint64_t>(entry.kind));
  if (entry.kind == EntryKind::kToolCall) {
    hash.Add(entry.tool_id.empty() ? entry.tool_name : entry.tool_id);
    if (entry.tool_id.empty()) hash.Add(entry.arguments);
  } else if (entry.kind == EntryKind::kToolResult && !entry.tool_id.empty()) {
    hash.Add(entry.tool_id);
  } else {
    if (entry.kind == EntryKind::kText) hash.Add(entry.role);
    hash.Add(entry.text);
  }
  return hash.value();
}

class Reader {
 public:
  explicit Reader(const weave::Woven& woven) : woven_(woven) {}

  Conversation Read() {
    for (const Row& row : woven_.rows) {
      if (row.kind != RowKind::kSpan && row.kind != RowKind::kRun) continue;
      spans_.emplace(row.span_id, &row);
      if (conversation_.root == nullptr && row.parent_span_id.empty()) conversation_.root = &row;
    }
    if (conversation_.root == nullptr && !woven_.rows.empty()) {
      conversation_.root = &woven_.rows[0];
    }
    Collect();
    for (const Item& item : items_) {
      if (!Repeats(item)) Place(item);
    }
    return std::move(conversation_);
  }

 private:
  struct Item {
    std::string_view parent;
    Entry entry;
    uint64_t print;
  };

  const Row* SpanOf(std::string_view id) const {
    const auto found = spans_.find(id);
    return found == spans_.end() ? nullptr : found->second;
  }

  void AddItem(const Row& row, const Entry& entry) {
    items_.push_back({row.parent_span_id, entry, Fingerprint(entry)});
  }

  void Collect() {
    for (const Row& row : woven_.rows) {
      if (row.kind == RowKind::kSpan || row.kind == RowKind::kRun) continue;
      if (row.kind == RowKind::kLog && row.status != StatusCode::kError) {
        ++conversation_.other_records;
        continue;
      }
      Entry entry = ReadEntry(row);
      if (entry.role != "tool") models_.insert(row.parent_span_id);
      if (entry.kind == EntryKind::kToolResult && !entry.arguments.empty()) {
        AddItem(row, CallOf(entry));
        entry.arguments = {};
      }
      AddItem(row, entry);
    }
    for (const Item& item : items_) {
      if (item.entry.kind == EntryKind::kError || item.entry.kind == EntryKind::kHistory) continue;
      if (models_.contains(item.parent)) said_by_models_.insert(item.print);
      // Every span above learns what is said below it. Parents form no cycle (weave sees to it),
      // but a hostile trace may be deep.
      int levels = 0;
      const Row* span = SpanOf(item.parent);
      while (span != nullptr && !span->parent_span_id.empty() && ++levels < 100) {
        above_.insert(span->parent_span_id);
        said_below_.insert({span->parent_span_id, item.print});
        span = SpanOf(span->parent_span_id);
      }
    }
  }

  bool Repeats(const Item& item) const {
    if (item.entry.kind == EntryKind::kError || item.entry.kind == EntryKind::kHistory)
      return false;
    if (said_below_.contains({item.parent, item.print})) return true;
    return !models_.contains(item.parent) && said_by_models_.contains(item.print);
  }

  void Place(const Item& item) {
    std::vector<Section>& sections = conversation_.sections;
    const auto known = section_of_.find(item.parent);
    const bool is_new = known == section_of_.end();
    if (!is_new && (!above_.contains(item.parent) || known->second + 1 == sections.size())) {
      sections[known->second].entries.push_back(item.entry);
      return;
    }
    section_of_[item.parent] = sections.size();
    sections.push_back({SpanOf(item.parent), !is_new, {item.entry}});
  }

  using SpanAndPrint = std::pair<std::string_view, uint64_t>;
  struct PairHash {
    size_t operator()(const SpanAndPrint& pair) const {
      return StringHash()(pair.first) ^ static_cast<size_t>(pair.second);
    }
  };

  const weave::Woven& woven_;
  Conversation conversation_;
  StringMap<const Row*> spans_;
  std::vector<Item> items_;
  StringSet<> models_;  // spans with messages of others than tools
  absl::flat_hash_set<uint64_t> said_by_models_;
  StringSet<> above_;  // spans above others with messages
  absl::flat_hash_set<SpanAndPrint, PairHash> said_below_;
  StringMap<size_t> section_of_;
};

}  // namespace

Conversation ReadConversation(const weave::Woven& woven) { return Reader(woven).Read(); }

}  // namespace spanlog::exports
