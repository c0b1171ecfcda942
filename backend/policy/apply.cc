#include "policy/apply.h"

#include <string>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "policy/content_keys.h"

namespace spanlog::policy {
namespace {

using weave::Row;
using weave::RowKind;
using weave::Tag;

constexpr std::string_view kWithheld = "[withheld by policy]";

class Filter {
 public:
  Filter(const Policy& policy, const Redactor& redactor, ContentLevel level, weave::Woven& woven)
      : policy_(policy), redactor_(redactor), level_(level), woven_(woven) {}

  void Run() {
    if (level_ == ContentLevel::kNone) RemoveContentRows();
    for (Row& row : woven_.rows) FilterRow(row);
    for (weave::Notice& notice : woven_.notices) {
      bool removed = false;
      notice.text = std::string(redactor_.Apply(notice.text, arena(), &removed));
    }
  }

 private:
  Arena& arena() { return *woven_.arena; }
  bool HidesContent() const { return level_ != ContentLevel::kFull; }

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
    if (hidden > 0) {
      woven_.notices.push_back({weave::NoticeSeverity::kInfo,
                                Concat(hidden, " log records and messages are withheld by the "
                                               "datasource's content policy.")});
    }
  }

  std::string_view Content(std::string_view text) {
    if (!HidesContent() || text.empty()) return text;
    withheld_ = true;
    if (level_ != ContentLevel::kPreview) return kWithheld;
    const std::string_view head = CutChars(text, policy_.preview_chars);
    if (head.size() == text.size()) {
      withheld_ = was_withheld_;
      return text;
    }
    return arena().Copy(Concat(head, "… ", kWithheld));
  }

  std::string_view Clean(std::string_view text) {
    return policy_.redacts() ? redactor_.Apply(text, arena(), &removed_) : text;
  }

  // One attribute or tag. A structured value that is cut or withheld is no JSON any more.
  void FilterValue(std::string_view key, bool is_content, Value& value) {
    if (redactor_.WithholdsKey(key)) {
      value = Value::String("[removed]");
      removed_ = true;
      return;
    }
    // Redaction before the preview is cut: a cut secret matches no rule.
    value.text = Clean(value.text);
    if (!is_content) return;
    was_withheld_ = withheld_;
    const std::string_view text = Content(value.text);
    if (text.data() != value.text.data()) value = Value::String(text);
  }

  Attributes FilterAttributes(Attributes attributes) {
    if (attributes.empty()) return attributes;
    std::vector<Attribute> filtered(attributes.begin(), attributes.end());
    for (Attribute& attribute : filtered) {
      const bool content = HidesContent() && IsContentKey(attribute.key);
      FilterValue(attribute.key, content, attribute.value);
    }
    return arena().CopyArray(filtered);
  }

  void FilterRow(Row& row) {
    removed_ = false;
    withheld_ = false;
    const bool is_log_row = row.kind == RowKind::kLog || row.kind == RowKind::kMessage;
    const bool is_media = IsMedia(row);
    row.operation_name = Clean(row.operation_name);
    row.service_name = Clean(row.service_name);
    row.status_message = Clean(row.status_message);
    if (is_log_row && HidesContent()) {
      was_withheld_ = withheld_;
      row.operation_name = Content(row.operation_name);
      row.status_message = Content(row.status_message);
    }
    row.attributes = FilterAttributes(row.attributes);
    row.scope_attributes = FilterAttributes(row.scope_attributes);
    row.resource = FilterAttributes(row.resource);
    FilterTags(row, is_log_row, is_media && !policy_.media);
    FilterEvents(row);
    FilterLinks(row);
    FilterTexts(row.warnings, false);
    FilterTexts(row.stack_traces, true);
    Report(row);
  }

  static bool IsMedia(const Row& row) {
    for (const Tag& tag : row.tags) {
      if (tag.key == "message.kind" && tag.value.text == "media") return true;
    }
    return false;
  }

  void FilterTags(Row& row, bool is_log_row, bool hide_media) {
    std::vector<Tag> tags(row.tags.begin(), row.tags.end());
    for (Tag& tag : tags) {
      if (hide_media && tag.key == weave::kMessageKey) {
        tag.value = Value::String("[media withheld by policy]");
        withheld_ = true;
        continue;
      }
      // What a record carried under its own names may be content under any name.
      const bool own_key = StartsWith(tag.key, "@") || !IsOurs(tag.key);
      const bool content =
          HidesContent() && (IsContentKey(tag.key) || (is_log_row && own_key &&
                                                       tag.value.text.size() > kLongFieldBytes));
      const std::string_view before = tag.value.text;
      FilterValue(tag.key, content, tag.value);
      if (tag.value.text.data() != before.data() && tag.format == weave::TagFormat::kPlain &&
          tag.key == weave::kMessageKey) {
        tag.format = weave::TagFormat::kText;
      }
    }
    row.tags = arena().CopyArray(tags);
  }

  static bool IsOurs(std::string_view key) {
    return StartsWith(key, "spanlog.") || StartsWith(key, "message.") || StartsWith(key, "tool.") ||
           StartsWith(key, "log.") || key == weave::kSummaryKey;
  }

  void FilterEvents(Row& row) {
    if (row.events.empty()) return;
    std::vector<SpanEvent> events(row.events.begin(), row.events.end());
    for (SpanEvent& event : events) {
      event.name = Clean(event.name);
      event.attributes = FilterAttributes(event.attributes);
    }
    row.events = arena().CopyArray(events);
  }

  void FilterLinks(Row& row) {
    if (row.links.empty()) return;
    std::vector<SpanLink> links(row.links.begin(), row.links.end());
    for (SpanLink& link : links) link.attributes = FilterAttributes(link.attributes);
    row.links = arena().CopyArray(links);
  }

  void FilterTexts(absl::Span<const std::string_view>& texts, bool content) {
    if (texts.empty()) return;
    std::vector<std::string_view> filtered(texts.begin(), texts.end());
    for (std::string_view& text : filtered) {
      text = Clean(text);
      was_withheld_ = withheld_;
      if (content) text = Content(text);
    }
    texts = arena().CopyArray(filtered);
  }

  void Report(Row& row) {
    if (!removed_ && !withheld_) return;
    std::string words;
    if (withheld_) words = Concat("content level ", LevelName(level_));
    if (removed_) words += words.empty() ? "parts removed" : ", parts removed";
    std::vector<Tag> tags(row.tags.begin(), row.tags.end());
    tags.push_back({"spanlog.policy", Value::String(arena().Copy(words)), {}});
    row.tags = arena().CopyArray(tags);
  }

  static constexpr size_t kLongFieldBytes = 64;

  const Policy& policy_;
  const Redactor& redactor_;
  const ContentLevel level_;
  weave::Woven& woven_;
  bool removed_ = false;
  bool withheld_ = false;
  bool was_withheld_ = false;
};

}  // namespace

void Apply(const Policy& policy, const Redactor& redactor, ContentLevel level,
           weave::Woven& woven) {
  if (!policy.redacts() && level == ContentLevel::kFull && policy.media) return;
  Filter(policy, redactor, level, woven).Run();
}

}  // namespace spanlog::policy
