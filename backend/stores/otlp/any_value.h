// OTLP's AnyValue and KeyValue, from the wire into the model.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/value.h"

namespace spanlog::stores {

// Reads attributes into arrays of the arena. One per body: its scratch space is reused, so that a
// span costs no allocation of its own.
class AttributeReader {
 public:
  explicit AttributeReader(Arena& arena) : arena_(arena) {}

  // Adds one KeyValue to the list that is being collected. False when it is malformed, and when
  // the list is as long as one may be (growth.h).
  bool Add(std::string_view key_value);

  // Lists nest (a span's attributes are collected while its events are read): Mark() before a list,
  // Take(mark) after it.
  size_t Mark() const { return scratch_.size(); }
  Attributes Take(size_t mark);

 private:
  bool ReadValue(std::string_view any_value, Value& out);

  Arena& arena_;
  std::vector<Attribute> scratch_;
  std::string json_;
};

// Appends an AnyValue's JSON. Levels below the 64th become null: a body that nests deeper than any
// program means it must not exhaust the stack. False when it is malformed.
bool AppendAnyValueJson(std::string& out, std::string_view any_value, int depth = 0);

}  // namespace spanlog::stores
