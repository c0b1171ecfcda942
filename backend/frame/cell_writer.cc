#include "frame/cell_writer.h"

#include <cstring>
#include <functional>

#include "absl/hash/hash.h"
#include "base/text.h"
#include "base/utf8.h"
#include "frame/columns.h"

namespace spanlog::frame {
namespace {

bool IsText(ValueType type) {
  return type == ValueType::kString || type == ValueType::kJson || type == ValueType::kBytes;
}

// Would both be the same JSON value?
bool SameValue(const Value& a, const Value& b) {
  if (IsText(a.type) && IsText(b.type)) return a.text() == b.text();
  if (a.type != b.type) return false;
  switch (a.type) {
    case ValueType::kBool:
      return a.boolean == b.boolean;
    case ValueType::kInt:
      return a.integer == b.integer;
    case ValueType::kDouble:
      return a.real == b.real || (a.real != a.real && b.real != b.real);
    default:
      return true;  // both empty
  }
}

// The ends, the middle and the length tell the keys of one cell apart well enough; two keys may
// meet.
size_t SlotOf(std::string_view key, size_t slots) {
  constexpr uint64_t kMix = 0x9E3779B97F4A7C15ull;
  uint64_t hash = key.size();
  if (key.size() < 8) {
    for (const char c : key) hash = hash << 8 | static_cast<uint8_t>(c);
  } else {
    const auto word = [&](size_t at) {
      uint64_t eight;
      std::memcpy(&eight, key.data() + at, 8);
      return eight;
    };
    hash += word(0) + word(key.size() / 2 - 4) * 3 + word(key.size() - 8) * 5;
  }
  return static_cast<size_t>((hash * kMix) >> 40) % slots;
}

// Key and text of a pair up to here get room for the worst case at once.
constexpr size_t kShortPair = 512;

template <size_t kSize>
char* Put(char* to, const char (&text)[kSize]) {
  std::memcpy(to, text, kSize - 1);
  return to + kSize - 1;
}

std::string_view EndOfPair(weave::TagFormat format) {
  switch (format) {
    case weave::TagFormat::kText:
      return ",\"type\":\"text\"},";
    case weave::TagFormat::kCode:
      return ",\"type\":\"code\"},";
    case weave::TagFormat::kPlain:
      break;
  }
  return "},";
}

Escape EscapeFor(weave::TagFormat format) {
  return format == weave::TagFormat::kPlain ? Escape::kJson : Escape::kHtml;
}

// Nearly all pairs: room is asked for once.
void AppendShortPair(Buffer& out, std::string_view key, std::string_view text,
                     weave::TagFormat format) {
  constexpr size_t kAround = 64;
  char* to = out.Reserve(RoomForJson(key.size()) + RoomForJson(text.size()) + kAround);
  to = Put(to, "{\"key\":\"");
  to = PutJsonText(to, key);
  to = Put(to, "\",\"value\":\"");
  to = PutJsonText(to, text, EscapeFor(format));
  *to++ = '"';
  const std::string_view end = EndOfPair(format);
  std::memcpy(to, end.data(), end.size());
  out.Finish(to + end.size());
}

}  // namespace

bool CellWriter::Pair::operator==(const Pair& other) const {
  return key == other.key && SameValue(*value, *other.value);
}

size_t CellWriter::PairHash::operator()(const Pair& pair) const {
  const Value& value = *pair.value;
  size_t hash = 0;
  if (IsText(value.type)) hash = std::hash<std::string_view>{}(value.text());
  if (value.type == ValueType::kInt) hash = absl::HashOf(value.integer);
  // Numbers that are none are alike; a zero has two signs, which the standard's hash knows.
  if (value.type == ValueType::kDouble && value.real == value.real) {
    hash = std::hash<double>{}(value.real);
  }
  return absl::HashOf(hash, std::hash<std::string_view>{}(pair.key));
}

bool CellWriter::IsNew(std::string_view key, const Value& value) {
  if (seen_.size() >= kSlots) {
    if (many_.empty()) {
      for (const Seen& seen : seen_) many_.insert({seen.key, seen.value});
    }
    return many_.insert({key, &value}).second;
  }
  uint32_t& slot = slots_[SlotOf(key, kSlots)];
  const uint32_t older = slot > closed_ ? slot : 0;
  for (uint32_t at = older; at != 0; at = seen_[at - closed_ - 1].next) {
    const Seen& seen = seen_[at - closed_ - 1];
    if (seen.key == key && SameValue(*seen.value, value)) return false;
  }
  Seen& seen = seen_.emplace_back();
  seen.key = key;
  seen.value = &value;
  seen.next = older;
  slot = closed_ + static_cast<uint32_t>(seen_.size());
  return true;
}

void CellWriter::Open(Buffer& out) {
  closed_ += static_cast<uint32_t>(seen_.size());
  seen_.clear();
  if (!many_.empty()) many_.clear();
  out.Append('[');
}

void CellWriter::Add(Buffer& out, Attributes attributes) {
  for (const Attribute& attribute : attributes) AddPair(out, attribute.key, attribute.value);
}

void CellWriter::Add(Buffer& out, absl::Span<const weave::Tag> tags) {
  for (const weave::Tag& tag : tags) AddPair(out, tag.key, tag.value, tag.format);
}

void CellWriter::AddPair(Buffer& out, std::string_view key, const Value& value,
                         weave::TagFormat format) {
  if (out.size() > kMaxColumnBytes || !IsNew(key, value)) return;
  if (IsText(value.type) && value.text().size() <= budget_.limit() &&
      key.size() + value.text().size() <= kShortPair) {
    return AppendShortPair(out, key, value.text(), format);
  }
  out.Append("{\"key\":\"");
  AppendJsonText(out, key);
  out.Append("\",\"value\":");
  AppendValue(out, value, format);
  out.Append(EndOfPair(format));
}

void CellWriter::Close(Buffer& out) {
  if (out.last() == ',') out.DropLast();
  out.Append(']');
}

void CellWriter::AppendValue(Buffer& out, const Value& value, weave::TagFormat format) {
  switch (value.type) {
    case ValueType::kBool:
      out.Append(value.boolean ? "true" : "false");
      break;
    case ValueType::kInt:
      AppendJsonInt(out, value.integer);
      break;
    case ValueType::kDouble:
      AppendJsonReal(out, value.real);
      break;
    case ValueType::kEmpty:
      out.Append("\"\"");
      break;
    default:
      AppendText(out, value.text(), EscapeFor(format));
  }
}

void CellWriter::AppendText(Buffer& out, std::string_view text, Escape escape) {
  const size_t limit = budget_.limit();
  if (text.size() <= limit) return AppendJsonString(out, text, escape);
  budget_.CountCut();
  out.Append('"');
  AppendJsonText(out, CutUtf8(text, limit), escape);
  AppendJsonText(out, Concat("\n… [cut by Spanlog at ", limit, " of ", text.size(),
                             " bytes; full text: ", full_text_at_, "]"));
  out.Append('"');
}

void CellWriter::AppendAttributes(Buffer& out, Attributes attributes) {
  Open(out);
  Add(out, attributes);
  Close(out);
}

void CellWriter::AppendEvents(Buffer& out, absl::Span<const SpanEvent> events) {
  out.Append('[');
  for (const SpanEvent& event : events) {
    if (out.size() > kMaxColumnBytes) break;
    if (&event != events.data()) out.Append(',');
    out.Append("{\"timestamp\":");
    AppendMillis(out, event.time_ns);
    out.Append(",\"name\":");
    AppendText(out, event.name, Escape::kJson);
    out.Append(",\"fields\":");
    AppendAttributes(out, event.attributes);
    out.Append('}');
  }
  out.Append(']');
}

void CellWriter::AppendStrings(Buffer& out, absl::Span<const std::string_view> texts,
                               Escape escape) {
  out.Append('[');
  for (const std::string_view& text : texts) {
    if (&text != texts.data()) out.Append(',');
    AppendText(out, text, escape);
  }
  out.Append(']');
}

void SharedCells::Append(Buffer& column, Attributes attributes, CellWriter& cells) {
  if (attributes.empty()) return column.Append("[]");
  const auto [found, is_new] =
      places_.try_emplace(attributes.data(), Place{attributes.size(), column.size(), 0});
  if (!is_new && found->second.count == attributes.size()) {
    if (column.size() > kMaxColumnBytes) return column.Append("[]");
    return column.AppendCopyOf(found->second.offset, found->second.size);
  }
  const size_t start = column.size();
  cells.AppendAttributes(column, attributes);
  if (is_new) found->second.size = column.size() - start;
}

}  // namespace spanlog::frame
