#include "genai/json.h"

#include <cstring>
#include <string>
#include <vector>

#include "base/json_escape.h"
#include "base/text.h"
#include "genai/json_repair.h"
#include "simdjson.h"

namespace spanlog::genai {
namespace {

constexpr int kMaxDepth = 128;

// Walks the parsed document and its source text side by side: the document has the unescaped
// strings, the source what every value looked like. REQUIRES: `source` is what was parsed.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view source, Arena& arena) : source_(source), arena_(arena) {}

  bool Build(simdjson::dom::element element, JsonValue& out, int depth) {
    if (depth > kMaxDepth) return false;
    SkipBlanks();
    const size_t begin = at_;
    switch (element.type()) {
      case simdjson::dom::element_type::OBJECT:
        if (!BuildObject(element, out, depth)) return false;
        break;
      case simdjson::dom::element_type::ARRAY:
        if (!BuildArray(element, out, depth)) return false;
        break;
      case simdjson::dom::element_type::STRING:
        out.type = JsonType::kString;
        out.text = TakeString(element.get_string().value_unsafe());
        return true;
      case simdjson::dom::element_type::BOOL:
        out.type = JsonType::kBool;
        out.boolean = element.get_bool().value_unsafe();
        SkipScalar();
        break;
      case simdjson::dom::element_type::NULL_VALUE:
        SkipScalar();
        break;
      default:
        out.type = JsonType::kNumber;
        out.number = element.get_double().value_unsafe();
        SkipScalar();
        break;
    }
    out.text = source_.substr(begin, at_ - begin);
    return true;
  }

 private:
  static bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
  void SkipBlanks() {
    while (IsBlank(source_[at_])) ++at_;
  }
  // Past the next `c`. Only blanks can be before it.
  void SkipTo(char c) {
    while (source_[at_] != c) ++at_;
    ++at_;
  }
  void SkipScalar() {
    while (at_ < source_.size() && !IsBlank(source_[at_]) && source_[at_] != ',' &&
           source_[at_] != ']' && source_[at_] != '}') {
      ++at_;
    }
  }

  // True when a quote that no backslash escapes is at `at_`.
  bool EndsAt(size_t begin) const {
    if (source_[at_] != '"') return false;
    size_t backslashes = 0;
    while (at_ - backslashes > begin && source_[at_ - backslashes - 1] == '\\') ++backslashes;
    return backslashes % 2 == 0;
  }

  // A string without escapes is a view of the source.
  std::string_view TakeString(std::string_view unescaped) {
    const size_t begin = ++at_;
    // Nothing becomes longer when it is unescaped.
    const size_t plain_end = begin + unescaped.size();
    if (source_[plain_end] == '"' &&
        std::memcmp(source_.data() + begin, unescaped.data(), unescaped.size()) == 0) {
      at_ = plain_end + 1;
      return source_.substr(begin, unescaped.size());
    }
    at_ = plain_end;
    while (!EndsAt(begin)) ++at_;
    ++at_;
    return arena_.Copy(unescaped);
  }

  bool BuildObject(simdjson::dom::element element, JsonValue& out, int depth) {
    out.type = JsonType::kObject;
    ++at_;
    std::vector<JsonMember> members;
    for (const simdjson::dom::key_value_pair field : simdjson::dom::object(element)) {
      if (!members.empty()) SkipTo(',');
      SkipBlanks();
      JsonMember& member = members.emplace_back();
      member.key = TakeString(field.key);
      SkipTo(':');
      if (!Build(field.value, member.value, depth + 1)) return false;
    }
    SkipTo('}');
    out.members = arena_.CopyArray(members);
    return true;
  }

  bool BuildArray(simdjson::dom::element element, JsonValue& out, int depth) {
    out.type = JsonType::kArray;
    ++at_;
    std::vector<JsonValue> items;
    for (const simdjson::dom::element item : simdjson::dom::array(element)) {
      if (!items.empty()) SkipTo(',');
      if (!Build(item, items.emplace_back(), depth + 1)) return false;
    }
    SkipTo(']');
    out.items = arena_.CopyArray(items);
    return true;
  }

  std::string_view source_;
  Arena& arena_;
  size_t at_ = 0;
};

// Parses strict JSON.
bool ParseStrict(std::string_view text, Arena& arena, JsonValue& root) {
  // The parser keeps its buffers between calls; one per thread saves an allocation per attribute.
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element element;
  if (parser.parse(text.data(), text.size()).get(element) != simdjson::SUCCESS) return false;
  return TreeBuilder(text, arena).Build(element, root, 0);
}

// Go and PHP escape < > & and ' as well. A quote and a backslash have to stay escaped.
bool IsReadable(int code) {
  if (code < 0xA0) return code >= 0x20 && code < 0x7F && code != '"' && code != '\\';
  return code < 0xD800 || code >= 0xE000;
}

}  // namespace

bool ParsedJson::IsCut(const JsonValue& value) const {
  if (health != JsonHealth::kRepaired) return false;
  if (value.is_string()) return value.text.data() == cut_text.data();
  return value.text.data() + value.text.size() > sent_end;
}

std::string_view UnescapeLetters(std::string_view json, Arena& arena) {
  if (!Contains(json, "\\u")) return json;
  std::string out;
  out.reserve(json.size());
  for (size_t i = 0; i < json.size();) {
    if (json[i] != '\\') {
      out += json[i++];
      continue;
    }
    const JsonEscapedCharacter escaped = JsonEscapedAt(json, i);
    if (IsReadable(escaped.code)) {
      AppendUtf8(escaped.code, out);
      i += escaped.size;
    } else {
      out.append(json.substr(i, 2));
      i += 2;
    }
  }
  return arena.Own(std::move(out));
}

std::string_view UnquotedJson(std::string_view text, Arena& arena) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return text;
  const std::optional<ParsedJson> boxed = ParseJson(arena.Own(Concat('[', text, ']')), arena);
  const bool is_text = boxed && boxed->health == JsonHealth::kClean &&
                       boxed->root.items.size() == 1 && boxed->root.items[0].is_string();
  return is_text ? boxed->root.items[0].text : text;
}

std::optional<ParsedJson> ParseJson(std::string_view text, Arena& arena) {
  text = TrimSpace(text);
  if (text.empty() || (text.front() != '{' && text.front() != '[')) return std::nullopt;
  ParsedJson parsed;
  if (ParseStrict(text, arena, parsed.root)) return parsed;

  std::optional<RepairedJson> repaired = RepairJson(text);
  if (!repaired) return std::nullopt;
  const std::string_view strict = arena.Own(std::move(repaired->text));
  parsed = ParsedJson();
  if (!ParseStrict(strict, arena, parsed.root)) return std::nullopt;
  parsed.health = repaired->was_cut ? JsonHealth::kRepaired : JsonHealth::kLenient;
  parsed.sent_end = strict.data() + repaired->sent_size;
  if (repaired->cut_string != RepairedJson::kNone) {
    // The cut string is the last value: down the right edge of the tree.
    const JsonValue* last = &parsed.root;
    while (last != nullptr && !last->is_string()) {
      if (!last->items.empty()) {
        last = &last->items.back();
      } else if (!last->members.empty()) {
        last = &last->members.back().value;
      } else {
        last = nullptr;
      }
    }
    if (last != nullptr) parsed.cut_text = last->text;
  }
  return parsed;
}

}  // namespace spanlog::genai
