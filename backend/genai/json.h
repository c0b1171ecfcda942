// JSON found inside attributes and bodies, as a tree in an arena. simdjson does the
// parsing; this keeps the source text of every value, because arguments are shown
// exactly as they were sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/types/span.h"
#include "base/arena.h"

namespace spanlog::genai {

enum class JsonType : uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

struct JsonMember;
struct JsonValue {
  JsonType type = JsonType::kNull;
  bool boolean = false;
  double number = 0;
  std::string_view text;  // strings: unescaped; all others: the source text, exactly as sent
  absl::Span<const JsonValue> items;     // arrays
  absl::Span<const JsonMember> members;  // objects, in source order

  bool is_string() const { return type == JsonType::kString; }
  bool is_array() const { return type == JsonType::kArray; }
  bool is_object() const { return type == JsonType::kObject; }
  // Member of an object, or null (also when this is no object).
  inline const JsonValue* Get(std::string_view key) const;
  // Text of a string member, empty otherwise.
  std::string_view GetText(std::string_view key) const {
    const JsonValue* member = Get(key);
    return member != nullptr && member->is_string() ? member->text : std::string_view();
  }
};
struct JsonMember {
  std::string_view key;
  JsonValue value;
};
inline const JsonValue* JsonValue::Get(std::string_view key) const {
  for (const JsonMember& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

enum class JsonHealth : uint8_t {
  kClean,     // strict JSON
  kLenient,   // single-quoted pseudo JSON (the example in semconv 1.27), Python literals
  kRepaired,  // the text was cut; open strings and brackets were closed
};
struct ParsedJson {
  JsonValue root;
  JsonHealth health = JsonHealth::kClean;
  // kRepaired: the string value that the cut went through (its text ends where the cut is). Its
  // data is null when the cut went through no string; an empty text may have been cut as well.
  std::string_view cut_text;
  // kRepaired: where the text that was sent ends; what follows closes strings and brackets.
  const char* sent_end = nullptr;

  // True when the cut went through this value: its text is not all that was sent.
  bool IsCut(const JsonValue& value) const;
};

// Parses text that starts (after blanks) with `{` or `[`; anything else, and what cannot be
// repaired, gives nothing. The result has views of `text`, which must live as long as the arena.
// Nesting over 128 levels is refused.
std::optional<ParsedJson> ParseJson(std::string_view text, Arena& arena);

// JSON text in which printable characters that were written as \uXXXX are themselves again: the
// same value, but readable. Gives `json` itself when there are none.
std::string_view UnescapeLetters(std::string_view json, Arena& arena);

// The text that a JSON string stands for, as json.dumps and JSON.stringify write a text; `text`
// itself when it is no JSON string.
std::string_view UnquotedJson(std::string_view text, Arena& arena);

}  // namespace spanlog::genai
