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
  const Value* Find(std::string_view key) const {
    const uint8_t mark = MarkOf(key);
    return (marks_[mark / 64] >> (mark % 64) & 1) == 0 ? nullptr : FindMarked(key);
  }
  bool Has(std::string_view key) const { return Find(key) != nullptr; }
  // Text of a string, JSON or bytes value; empty otherwise.
  std::string_view Text(std::string_view key) const;
  // Text of any value, numbers and booleans written out into the arena.
  std::string_view AnyText(std::string_view key, Arena& arena) const;
  bool Int(std::string_view key, int64_t& out) const;
  bool Double(std::string_view key, double& out) const;
  // The value as JSON: a JSON or string value parsed, or, for records, a map that Loki flattened
  // into `<key>_<member>` put together again.
  std::optional<ParsedJson> Json(std::string_view key, Arena& arena) const;
  // A map that Loki flattened into `<key>_<member>`, as JSON text; empty when there is none.
  std::string_view FlattenedMap(std::string_view key, Arena& arena) const;
  // True when a key starts with `prefix`, which is spelled as it is stored. REQUIRES: two letters or more.
  bool HasPrefix(std::string_view prefix) const {
    const size_t size = prefix.size();
    for (const Attributes& part : {a_, b_, c_, d_}) {
      for (const Attribute& attribute : part) {
        const std::string_view key = attribute.key;
        // Names differ at the end of a prefix sooner than at its beginning.
        if (key.size() >= size && key[size - 1] == prefix[size - 1] && key[size - 2] == prefix[size - 2] &&
            key.substr(0, size) == prefix) {
          return true;
        }
      }
    }
    return false;
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
  bool KeyStartsWith(std::string_view key, std::string_view prefix) const;
  const Value* FindMarked(std::string_view key) const;
  void MarkKeys();

  // The same number for all spellings of a key that Find takes for one. Known when compiled where the
  // key is a literal.
  static constexpr uint8_t MarkOf(std::string_view key) {
    if (key.empty()) return 0;
    const auto folded = [](char c) {
      return c == '.' || c == '-' || c == '/' || c == ':' ? uint32_t{'_'} : static_cast<uint8_t>(c);
    };
    const size_t size = key.size();
    return static_cast<uint8_t>(size * 37 + folded(key[size - 1]) * 11 + folded(key[size / 2]) * 5 +
                                folded(key[size - 1 - size / 4]));
  }

  bool from_loki_ = false;
  Attributes a_, b_, c_, d_;
  // A bit per key that is there: each dialect asks for many keys that are not.
  std::array<uint64_t, 4> marks_{};
};

}  // namespace spanlog::genai
