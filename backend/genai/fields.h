// Attributes under their OpenTelemetry names, whether they came from a span (dots
// kept) or from Loki (`.` became `_`, maps were flattened).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "genai/json.h"
#include "genai/key.h"
#include "model/log_record.h"
#include "model/trace.h"

namespace spanlog::genai {

// Appends `text` as a JSON string with its quotes. REQUIRES: valid UTF-8.
void AppendJsonString(std::string_view text, std::string& out);

class Fields {
 public:
  explicit Fields(Attributes span_attributes) : a_(span_attributes) { MarkKeys(); }
  // A record's metadata, then parsed fields, then fields of its line, then labels.
  Fields(const LogRecord& record, const LogStream& stream);

  // First value whose key equals `key`; for records `_` in the key matches any of `. - /` asked
  // for, and Loki's `<key>_extracted` counts too.
  const Value* Find(Key key) const {
    const uint8_t place = places_[key.mark()];
    return place == 0 ? nullptr : FindAt(key.text(), place);
  }
  bool Has(Key key) const { return Find(key) != nullptr; }
  // Text of a string, JSON or bytes value; empty otherwise.
  std::string_view Text(Key key) const {
    const Value* value = Find(key);
    return value == nullptr ? std::string_view() : value->text();
  }
  // Text of any value, numbers and booleans written out into the arena.
  std::string_view AnyText(Key key, Arena& arena) const {
    const Value* value = Find(key);
    return value == nullptr ? std::string_view() : TextOf(*value, arena);
  }
  bool Int(Key key, int64_t& out) const {
    const Value* value = Find(key);
    return value != nullptr && ReadInt(*value, out);
  }
  bool Double(Key key, double& out) const {
    const Value* value = Find(key);
    return value != nullptr && ReadDouble(*value, out);
  }
  // The value as JSON: a JSON or string value parsed, or, for records, a map that Loki flattened
  // into `<key>_<member>` put together again.
  std::optional<ParsedJson> Json(Key key, Arena& arena) const {
    const Value* value = Find(key);
    if (value == nullptr && !from_loki_) return std::nullopt;
    return value != nullptr ? ParseJson(value->text(), arena) : FlattenedJson(key.text(), arena);
  }
  // A map that Loki flattened into `<key>_<member>`, as JSON text; empty when there is none.
  std::string_view FlattenedMap(std::string_view key, Arena& arena) const;
  // True when a key starts with `prefix`, which is spelled as it is stored. REQUIRES: twelve
  // letters or more.
  bool HasPrefix(std::string_view prefix) const {
    const uint8_t mark = BeginningOf(prefix);
    return (beginnings_[mark / 64] >> (mark % 64) & 1) != 0 && HasMarkedPrefix(prefix);
  }
  // Calls `visit(key, value)` for each attribute whose key starts with `prefix` (same matching).
  template <typename Visit>
  void WithPrefix(std::string_view prefix, Visit visit) const {
    for (Attributes part : {a_, b_, c_, d_}) {
      for (const Attribute& attribute : part) {
        if (KeyStartsWith(attribute.key, prefix)) visit(attribute.key, attribute.value);
      }
    }
  }

 private:
  // A place of several keys, or of one that is too far back for a byte.
  static constexpr uint8_t kSeveral = 255;

  static std::string_view TextOf(const Value& value, Arena& arena);
  static bool ReadInt(const Value& value, int64_t& out);
  static bool ReadDouble(const Value& value, double& out);
  std::optional<ParsedJson> FlattenedJson(std::string_view key, Arena& arena) const;
  bool KeyStartsWith(std::string_view key, std::string_view prefix) const;
  const Value* FindAt(std::string_view key, uint8_t place) const;
  const Value* FindMarked(std::string_view key) const;
  const Attribute& At(size_t place) const;
  bool HasMarkedPrefix(std::string_view prefix) const;
  void MarkKeys();
  // Two letters in which the prefixes that are looked for differ from other keys. REQUIRES: twelve
  // letters.
  static constexpr uint8_t BeginningOf(std::string_view key) {
    return static_cast<uint8_t>(static_cast<uint8_t>(key[8]) * 13u + static_cast<uint8_t>(key[11]));
  }

  bool from_loki_ = false;
  Attributes a_, b_, c_, d_;
  // By mark: 0 where no key has it, the number of the one that has, or kSeveral. Each dialect asks
  // for many keys that are not there.
  std::array<uint8_t, 256> places_{};
  std::array<uint64_t, 4> beginnings_{};
};

}  // namespace spanlog::genai
