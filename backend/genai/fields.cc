#include "genai/fields.h"

#include <string>

#include "base/text.h"

namespace spanlog::genai {
namespace {

constexpr std::string_view kExtracted = "_extracted";

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

bool IntOf(const Value& value, int64_t& out) {
  switch (value.type) {
    case ValueType::kInt:
      out = value.integer;
      return true;
    case ValueType::kDouble:
      if (!(value.real > -9e18 && value.real < 9e18)) return false;
      out = static_cast<int64_t>(value.real);
      return true;
    case ValueType::kString: {
      if (ParseInt64(value.text, out)) return true;
      double real = 0;
      if (!ParseDouble(value.text, real) || !(real > -9e18 && real < 9e18)) return false;
      out = static_cast<int64_t>(real);
      return true;
    }
    default:
      return false;
  }
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
      out += value.text;
      return;
    case ValueType::kBytes:
      AppendJsonString(value.text, out);
      return;
    case ValueType::kString:
      break;
  }
  const std::string_view text = value.text;
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
      d_(stream.labels) {
  MarkKeys();
}

void Fields::MarkKeys() {
  const auto mark = [&](std::string_view key) {
    const uint8_t at = MarkOf(key);
    marks_[at / 64] |= uint64_t{1} << (at % 64);
  };
  for (const Attributes& part : {a_, b_, c_, d_}) {
    for (const Attribute& attribute : part) {
      mark(attribute.key);
      if (from_loki_ && EndsWith(attribute.key, kExtracted)) {
        mark(attribute.key.substr(0, attribute.key.size() - kExtracted.size()));
      }
    }
  }
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

std::string_view Fields::Text(std::string_view key) const {
  const Value* value = Find(key);
  return value == nullptr ? std::string_view() : value->text;
}

std::string_view Fields::AnyText(std::string_view key, Arena& arena) const {
  const Value* value = Find(key);
  if (value == nullptr) return {};
  switch (value->type) {
    case ValueType::kBool:
      return value->boolean ? "true" : "false";
    case ValueType::kInt:
      return arena.Copy(std::to_string(value->integer));
    case ValueType::kDouble:
      return arena.Copy(DoubleToText(value->real));
    default:
      return value->text;
  }
}

bool Fields::Int(std::string_view key, int64_t& out) const {
  const Value* value = Find(key);
  return value != nullptr && IntOf(*value, out);
}

bool Fields::Double(std::string_view key, double& out) const {
  const Value* value = Find(key);
  if (value == nullptr) return false;
  switch (value->type) {
    case ValueType::kInt:
      out = static_cast<double>(value->integer);
      return true;
    case ValueType::kDouble:
      out = value->real;
      return true;
    case ValueType::kString:
      return ParseDouble(value->text, out);
    default:
      return false;
  }
}

std::optional<ParsedJson> Fields::Json(std::string_view key, Arena& arena) const {
  const Value* value = Find(key);
  if (value != nullptr) return ParseJson(value->text, arena);
  if (!from_loki_) return std::nullopt;
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
