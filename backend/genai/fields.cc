#include "genai/fields.h"

#include <string>

#include "base/text.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kExtracted = "_extracted";
// They are looked through for each record of a stream. Loki allows 15, as a rule.
constexpr size_t kMostLabels = 1024;

// Loki writes `_` for each character of a name that a Prometheus label cannot have.
bool SameChar(char stored, char asked) {
  if (stored == asked) return true;
  return stored == '_' && (asked == '.' || asked == '-' || asked == '/' || asked == ':');
}

bool StartsLike(std::string_view stored, std::string_view asked) {
  if (stored.size() < asked.size()) return false;
  for (size_t i = 0; i < asked.size(); ++i) {
    if (!SameChar(stored[i], asked[i])) return false;
  }
  return true;
}

// A flattened map's leaf as JSON. Loki made text of every value, so what reads as a number, a
// literal or a container is taken for one.
void AppendLeaf(const Value& value, Arena& arena, std::string& out) {
  switch (value.type) {
    case ValueType::kEmpty:
      out += "null";
      return;
    case ValueType::kBool:
      out += value.boolean ? "true" : "false";
      return;
    case ValueType::kInt:
      Append(out, value.integer);
      return;
    case ValueType::kDouble:
      out += DoubleToText(value.real);
      return;
    case ValueType::kJson:
      out += value.text();
      return;
    case ValueType::kBytes:
      AppendJsonString(value.text(), out);
      return;
    case ValueType::kString:
      break;
  }
  const std::string_view text = value.text();
  const std::string boxed = Concat('[', text, ']');
  const std::optional<ParsedJson> parsed =
      text.empty() || text.front() == '"' ? std::nullopt : ParseJson(boxed, arena);
  if (parsed && parsed->health == JsonHealth::kClean && parsed->root.items.size() == 1) {
    out += text;
  } else {
    AppendJsonString(text, out);
  }
}

}  // namespace

void AppendJsonString(std::string_view text, std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

Fields::Fields(const LogRecord& record, const LogStream& stream)
    : from_loki_(true),
      a_(record.metadata),
      b_(record.parsed),
      c_(record.fields),
      d_(stream.labels.subspan(0, kMostLabels)) {
  MarkKeys();
}

void Fields::MarkKeys() {
  size_t number = 0;
  const auto mark = [&](std::string_view key, size_t place) {
    uint8_t& at = places_[Key::MarkOf(key)];
    at = at == 0 && place < kSeveral ? static_cast<uint8_t>(place) : kSeveral;
  };
  for (const Attributes& part : {a_, b_, c_, d_}) {
    for (const Attribute& attribute : part) {
      const std::string_view key = attribute.key;
      mark(key, ++number);
      if (key.size() >= 12) {
        const uint8_t beginning = BeginningOf(key);
        beginnings_[beginning / 64] |= uint64_t{1} << (beginning % 64);
      }
      if (from_loki_ && key.size() > kExtracted.size() && key.back() == 'd' &&
          EndsWith(key, kExtracted)) {
        // Counts only where no field has the name itself.
        mark(key.substr(0, key.size() - kExtracted.size()), kSeveral);
      }
    }
  }
}

const Attribute& Fields::At(size_t place) const {
  size_t index = place - 1;
  for (const Attributes& part : {a_, b_, c_}) {
    if (index < part.size()) return part[index];
    index -= part.size();
  }
  return d_[index];
}

const Value* Fields::FindAt(std::string_view key, uint8_t place) const {
  if (place == kSeveral) return FindMarked(key);
  const Attribute& attribute = At(place);
  if (attribute.key.size() != key.size()) return nullptr;
  const bool is_same = from_loki_ ? StartsLike(attribute.key, key) : attribute.key == key;
  return is_same ? &attribute.value : nullptr;
}

const Value* Fields::FindMarked(std::string_view key) const {
  if (!from_loki_) return spanlog::Find(a_, key);
  const Value* extracted = nullptr;
  for (const Attributes& part : {a_, b_, c_, d_}) {
    for (const Attribute& attribute : part) {
      if (!StartsLike(attribute.key, key)) continue;
      if (attribute.key.size() == key.size()) return &attribute.value;
      if (extracted == nullptr && attribute.key.substr(key.size()) == kExtracted) {
        extracted = &attribute.value;
      }
    }
  }
  return extracted;
}

bool Fields::HasMarkedPrefix(std::string_view prefix) const {
  for (const Attributes& part : {a_, b_, c_, d_}) {
    for (const Attribute& attribute : part) {
      if (StartsWith(attribute.key, prefix)) return true;
    }
  }
  return false;
}

std::string_view Fields::TextOf(const Value& value, Arena& arena) {
  switch (value.type) {
    case ValueType::kBool:
      return value.boolean ? "true" : "false";
    case ValueType::kInt:
      return arena.Copy(std::to_string(value.integer));
    case ValueType::kDouble:
      return arena.Copy(DoubleToText(value.real));
    default:
      return value.text();
  }
}

bool Fields::ReadInt(const Value& value, int64_t& out) {
  switch (value.type) {
    case ValueType::kInt:
      out = value.integer;
      return true;
    case ValueType::kDouble:
      if (!(value.real > -9e18 && value.real < 9e18)) return false;
      out = static_cast<int64_t>(value.real);
      return true;
    case ValueType::kString: {
      if (ParseInt64(value.text(), out)) return true;
      double real = 0;
      if (!ParseDouble(value.text(), real) || !(real > -9e18 && real < 9e18)) return false;
      out = static_cast<int64_t>(real);
      return true;
    }
    default:
      return false;
  }
}

bool Fields::ReadDouble(const Value& value, double& out) {
  switch (value.type) {
    case ValueType::kInt:
      out = static_cast<double>(value.integer);
      return true;
    case ValueType::kDouble:
      out = value.real;
      return true;
    case ValueType::kString:
      return ParseDouble(value.text(), out);
    default:
      return false;
  }
}

std::optional<ParsedJson> Fields::FlattenedJson(std::string_view key, Arena& arena) const {
  const std::string_view flattened = FlattenedMap(key, arena);
  return flattened.empty() ? std::nullopt : ParseJson(flattened, arena);
}

std::string_view Fields::FlattenedMap(std::string_view key, Arena& arena) const {
  if (!from_loki_) return {};
  std::string text;
  WithPrefix(key, [&](std::string_view name, const Value& value) {
    std::string_view member = name.substr(key.size());
    if (member.size() < 2 || (member.front() != '_' && member.front() != '.')) return;
    member.remove_prefix(1);
    text += text.empty() ? '{' : ',';
    AppendJsonString(member, text);
    text += ':';
    AppendLeaf(value, arena, text);
  });
  if (text.empty()) return {};
  text += '}';
  return arena.Own(std::move(text));
}

bool Fields::KeyStartsWith(std::string_view key, std::string_view prefix) const {
  return from_loki_ ? StartsLike(key, prefix) : StartsWith(key, prefix);
}

}  // namespace spanlog::genai
