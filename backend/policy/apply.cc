#include "policy/apply.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/json_check.h"
#include "base/text.h"
#include "base/utf8.h"
#include "policy/content_judge.h"
#include "policy/content_keys.h"
#include "policy/media_texts.h"

namespace spanlog::policy {
namespace {

using weave::Row;
using weave::RowKind;
using weave::Tag;

bool IsLogRow(const Row& row) { return row.kind == RowKind::kLog || row.kind == RowKind::kMessage; }

bool IsMedia(const Row& row) {
  for (const Tag& tag : row.tags) {
    if (tag.key == "message.kind" && tag.value.text() == "media") return true;
  }
  return false;
}

// Written by us, not taken from a record.
bool IsOwnTag(std::string_view key) {
  return StartsWith(key, "spanlog.") || StartsWith(key, "history.") || key == "message.hint" ||
         key == weave::kSourcesKey || key == weave::kTimestampKey;
}

class Filter {
 public:
  Filter(const Policy& policy, const Redactor& redactor, ContentLevel level, weave::Woven& woven)
      : policy_(policy),
        redactor_(redactor),
        level_(level),
        woven_(woven),
        judge_(level == ContentLevel::kFull ? nullptr
                                            : std::make_unique<ContentJudge>(woven.rows)) {}

  void Run() {
    if (level_ == ContentLevel::kNone) RemoveContentRows();
    for (Row& row : woven_.rows) FilterRow(row);
    for (weave::Call& call : woven_.calls) FilterCall(call);
    for (weave::Notice& notice : woven_.notices) {
      notice.text = std::string(redactor_.Apply(notice.text, arena(), &marks_.removed));
    }
  }

 private:
  Arena& arena() { return *woven_.arena; }
  bool HidesContent() const { return judge_ != nullptr; }

  void RemoveContentRows() {
    std::vector<Row> kept;
    kept.reserve(woven_.rows.size());
    size_t hidden = 0;
    for (const Row& row : woven_.rows) {
      if (row.kind == RowKind::kSpan || row.kind == RowKind::kRun) {
        kept.push_back(row);
      } else {
        ++hidden;
      }
    }
    woven_.rows = std::move(kept);
    if (hidden == 0) return;
    const std::string text =
        Concat(hidden, hidden == 1 ? " log record or message is" : " log records and messages are",
               " withheld by the datasource's content policy.");
    woven_.notices.push_back({weave::NoticeSeverity::kInfo, text});
    for (Row& row : woven_.rows) {
      if (!row.parent_span_id.empty()) continue;
      std::vector<std::string_view> warnings(row.warnings.begin(), row.warnings.end());
      warnings.push_back(arena().Copy(text));
      row.warnings = arena().CopyArray(warnings);
      break;
    }
  }

  // As much of a content text as the level shows.
  std::string_view Shown(std::string_view text) {
    const std::string_view shown = ShownText(text, level_, policy_.preview_chars, arena());
    if (shown.data() != text.data() || shown.size() != text.size()) marks_.withheld = true;
    return shown;
  }

  // A redaction before the preview is cut: a cut secret matches no rule.
  std::string_view Clean(std::string_view text) {
    if (policy_.redacts()) {
      text = redactor_.Apply(text, arena(), &marks_.removed);
      redactor_.NamesIn(text, marks_.names);
    }
    if (policy_.media) return text;
    const std::string_view without = WithoutMedia(text, arena());
    if (without.data() != text.data()) marks_.no_media = true;
    return without;
  }

  void FilterText(std::string_view& text, bool is_content) {
    text = Clean(text);
    if (is_content && HidesContent() && !text.empty()) text = Shown(text);
  }

  // What was found inside of a line is a piece of it: words there are no label.
  bool IsContent(std::string_view key, const Value& value) {
    if (judge_->IsContent(key, value)) return true;
    return in_log_row_ && Contains(value.text(), " ") && !IsTechnicalKey(key);
  }

  void FilterValue(std::string_view key, bool is_own, Value& value) {
    if (policy_.redacts()) {
      redactor_.ApplyTo(key, value, arena(), &marks_.removed);
      redactor_.NamesIn(value.text(), marks_.names);
    }
    if (!policy_.media) {
      const std::string_view without = IsMediaKey(key) && !value.text().empty()
                                           ? kMediaWithheld
                                           : WithoutMedia(value.text(), arena());
      if (without.data() != value.text().data()) {
        value = value.type == ValueType::kJson && IsJsonContainer(without) ? Value::Json(without)
                                                                           : Value::String(without);
        marks_.no_media = true;
      }
    }
    if (!HidesContent() || is_own || !IsContent(key, value)) return;
    if (value.text().empty()) {  // a number
      if (value.type == ValueType::kEmpty || value.type == ValueType::kString ||
          level_ == ContentLevel::kPreview) {
        return;
      }
      value = Value::String(kWithheld);
      marks_.withheld = true;
      return;
    }
    const std::string_view shown = Shown(value.text());
    if (shown.data() != value.text().data() || shown.size() != value.text().size()) {
      value = Value::String(shown);
    }
  }

  void FilterAttributes(Attributes& attributes) {
    if (attributes.empty()) return;
    std::vector<Attribute> filtered(attributes.begin(), attributes.end());
    for (Attribute& attribute : filtered) {
      FilterValue(attribute.key, false, attribute.value);
      attribute.key = Clean(attribute.key);
    }
    attributes = arena().CopyArray(filtered);
  }

  // Attributes that many rows have: the resource's and the scope's.
  void FilterShared(Attributes& attributes) {
    if (attributes.empty()) return;
    const auto [found, is_new] = shared_.try_emplace({attributes.data(), in_log_row_});
    Shared& shared = found->second;
    if (is_new) {
      std::swap(marks_, shared.marks);  // those of the row wait there
      shared.given = shared.filtered = attributes;
      FilterAttributes(shared.filtered);
      std::swap(marks_, shared.marks);
    }
    if (shared.given.size() != attributes.size()) return FilterAttributes(attributes);
    attributes = shared.filtered;
    marks_.Add(shared.marks);
  }

  void FilterRow(Row& row) {
    marks_ = Marks();
    const bool is_log_row = IsLogRow(row);
    in_log_row_ = is_log_row;
    const bool hide_media = !policy_.media && IsMedia(row);
    const bool names_content = is_log_row || (HidesContent() && row.kind == RowKind::kSpan &&
                                              judge_->IsSpokenName(row.operation_name));
    if (hide_media) {
      row.operation_name = kMediaWithheld;
      marks_.no_media = true;
    }
    FilterText(row.operation_name, names_content && !hide_media);
    FilterText(row.service_name, false);
    FilterText(row.status_message, true);
    FilterText(row.scope_name, false);
    FilterText(row.scope_version, false);
    FilterText(row.trace_state, false);
    FilterAttributes(row.attributes);
    FilterShared(row.scope_attributes);
    FilterShared(row.resource);
    FilterTags(row, hide_media);
    FilterEvents(row);
    FilterLinks(row);
    FilterTexts(row.warnings, false);
    FilterTexts(row.stack_traces, true);
    Report(row);
  }

  // A name is no content, but a rule may name it or match in it.
  void FilterCall(weave::Call& call) {
    const bool withheld =
        redactor_.WithholdsKey(call.kind == CallKind::kModel  ? "gen_ai.request.model"
                               : call.kind == CallKind::kTool ? "gen_ai.tool.name"
                                                              : "gen_ai.agent.name");
    call.name = withheld ? "[removed]" : Clean(call.name);
    call.provider = Clean(call.provider);
    call.service = Clean(call.service);
  }

  void FilterTags(Row& row, bool hide_media) {
    if (row.tags.empty()) return;
    std::vector<Tag> tags(row.tags.begin(), row.tags.end());
    for (Tag& tag : tags) {
      if (hide_media && StartsWith(tag.key, "@")) {
        tag.value = Value::String(kMediaWithheld);
        tag.format = weave::TagFormat::kText;
        continue;
      }
      const std::string_view before = tag.value.text();
      FilterValue(tag.key, IsOwnTag(tag.key) || row.kind == RowKind::kHistory, tag.value);
      if (StartsWith(tag.key, "@") && tag.value.text().data() != before.data()) {
        tag.format =
            IsJsonContainer(tag.value.text()) ? weave::TagFormat::kPlain : weave::TagFormat::kText;
      }
      tag.key = Clean(tag.key);
    }
    row.tags = arena().CopyArray(tags);
  }

  void FilterEvents(Row& row) {
    if (row.events.empty()) return;
    std::vector<SpanEvent> events(row.events.begin(), row.events.end());
    for (SpanEvent& event : events) {
      FilterText(event.name, HidesContent() && judge_->IsSpokenName(event.name));
      FilterAttributes(event.attributes);
    }
    row.events = arena().CopyArray(events);
  }

  void FilterLinks(Row& row) {
    if (row.links.empty()) return;
    std::vector<SpanLink> links(row.links.begin(), row.links.end());
    for (SpanLink& link : links) {
      FilterText(link.trace_state, false);
      FilterAttributes(link.attributes);
    }
    row.links = arena().CopyArray(links);
  }

  void FilterTexts(absl::Span<const std::string_view>& texts, bool is_content) {
    if (texts.empty()) return;
    std::vector<std::string_view> filtered(texts.begin(), texts.end());
    for (std::string_view& text : filtered) FilterText(text, is_content);
    texts = arena().CopyArray(filtered);
  }

  void Report(Row& row) {
    std::string words;
    const auto add = [&](std::string_view piece) {
      Append(words, words.empty() ? "" : "; ", piece);
    };
    if (marks_.withheld) add(Concat("content level ", LevelName(level_)));
    if (!marks_.names.empty()) {
      std::string removed = "removed: ";
      for (const std::string& name : marks_.names)
        Append(removed, &name == &*marks_.names.begin() ? "" : ", ", name);
      add(removed);
    } else if (marks_.removed) {
      add("parts removed");
    }
    if (marks_.no_media) add("media withheld");
    if (words.empty()) return;
    std::vector<Tag> tags(row.tags.begin(), row.tags.end());
    tags.push_back({kPolicyKey, Value::String(arena().Copy(words)), {}});
    row.tags = arena().CopyArray(tags);
  }

  const Policy& policy_;
  const Redactor& redactor_;
  const ContentLevel level_;
  weave::Woven& woven_;
  const std::unique_ptr<ContentJudge> judge_;  // null: nothing is hidden as content
  // What was done to a row.
  struct Marks {
    bool removed = false, withheld = false, no_media = false;
    std::set<std::string, std::less<>> names;

    void Add(const Marks& other) {
      removed |= other.removed;
      withheld |= other.withheld;
      no_media |= other.no_media;
      names.insert(other.names.begin(), other.names.end());
    }
  };
  struct Shared {
    Attributes given, filtered;
    Marks marks;
  };
  // By what was given, and whether it is on a log row.
  absl::flat_hash_map<std::pair<const Attribute*, bool>, Shared> shared_;
  // Of the row at hand.
  Marks marks_;
  bool in_log_row_ = false;
};

}  // namespace

std::string_view ShownText(std::string_view text, ContentLevel level, size_t preview_chars,
                           Arena& arena) {
  if (level == ContentLevel::kFull || text.empty()) return text;
  if (level != ContentLevel::kPreview) return kWithheld;
  const std::string_view head = CutChars(text, preview_chars);
  return head.size() == text.size() ? text : arena.Copy(Concat(head, "… ", kWithheld));
}

void Apply(const Policy& policy, const Redactor& redactor, ContentLevel level,
           weave::Woven& woven) {
  if (!policy.redacts() && level == ContentLevel::kFull && policy.media) return;
  Filter(policy, redactor, level, woven).Run();
}

}  // namespace spanlog::policy
