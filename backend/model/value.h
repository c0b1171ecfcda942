// Attribute values as OpenTelemetry's AnyValue, flattened for drawing: arrays and
// maps are kept as their JSON text, because Grafana shows them so.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/types/span.h"

namespace spanlog {

enum class ValueType : uint8_t {
  kEmpty,   // no value was set (not the same as an empty string)
  kString,  // text
  kBool,
  kInt,
  kDouble,
  kBytes,  // text: base64
  kJson,   // text: JSON of an array or map
};

// A value is a view: its text lives in the arena of the trace or log batch it came with and is
// valid UTF-8 (the stores see to it). Sixteen bytes, for a large trace has a million of them.
struct Value {
  ValueType type = ValueType::kEmpty;

  // Empty for numbers, booleans and nothing.
  std::string_view text() const { return {size_ == 0 ? "" : data_, size_}; }

 private:
  // Texts of 4 GiB and more do not come in (limits.responseBytes is below).
  uint32_t size_ = 0;

 public:
  union {
    bool boolean;
    int64_t integer = 0;
    double real;
    const char* data_;
  };

  static Value String(std::string_view text) { return Text(ValueType::kString, text); }
  static Value Json(std::string_view text) { return Text(ValueType::kJson, text); }
  static Value Bytes(std::string_view text) { return Text(ValueType::kBytes, text); }
  static Value Bool(bool boolean) {
    Value value;
    value.type = ValueType::kBool;
    value.boolean = boolean;
    return value;
  }
  static Value Int(int64_t integer) {
    Value value;
    value.type = ValueType::kInt;
    value.integer = integer;
    return value;
  }
  static Value Double(double real) {
    Value value;
    value.type = ValueType::kDouble;
    value.real = real;
    return value;
  }

  // The same type with another text. REQUIRES: the type has one.
  void set_text(std::string_view text) {
    size_ = static_cast<uint32_t>(text.size());
    data_ = text.data();
  }

 private:
  static Value Text(ValueType type, std::string_view text) {
    Value value;
    value.type = type;
    value.set_text(text);
    return value;
  }
};

struct Attribute {
  std::string_view key;
  Value value;
};
using Attributes = absl::Span<const Attribute>;

// First attribute with this key, or null.
const Value* Find(Attributes attributes, std::string_view key);

// Text of a string, bytes or JSON value with this key; empty when absent or of another type.
std::string_view FindText(Attributes attributes, std::string_view key);

// A number under this key, also when it was sent as text. False when there is none.
bool FindInt(Attributes attributes, std::string_view key, int64_t& out);
bool FindDouble(Attributes attributes, std::string_view key, double& out);

}  // namespace spanlog
