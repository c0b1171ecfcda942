// Attributes under their OpenTelemetry names, whether they came from a span (dots
// kept) or from Loki (`.` became `_`, maps were flattened).
#pragma once

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
  explicit Fields(Attributes span_attributes) : a_(span_attributes) {}
  // A record's metadata, then parsed fields, then fields of its line, then labels.
  Fields(const LogRecord& record, const LogStream& stream);

  // First value whose key equals `key`; for records `_` in the key matches any of `. - /` asked
  // for, and Loki's `<key>_extracted` counts too.
  const Value* Find(std::string_view key) const;
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

  bool from_loki_ = false;
  Attributes a_, b_, c_, d_;
};

}  // namespace spanlog::genai
