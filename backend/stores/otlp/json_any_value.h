// OTLP's AnyValue in its JSON forms: {"stringValue":…}, {"kvlistValue":{"values":[…]}} and so on.
#pragma once

#include <string>

#include "base/arena.h"
#include "model/value.h"
#include "stores/json/json_body.h"

namespace spanlog::stores {

class JsonAnyValueReader {
 public:
  explicit JsonAnyValueReader(Arena& arena) : arena_(arena) {}

  // Texts stay views into the parsed body. Lists and maps become plain JSON in the arena; what is
  // nested deeper than 64 levels is null there.
  Value Read(JsonElement any_value);

 private:
  // Plain JSON of an AnyValue into json_.
  void AppendAnyValue(JsonElement any_value, int depth);
  void AppendList(JsonElement list, bool is_map, int depth);

  Arena& arena_;
  std::string json_;
};

}  // namespace spanlog::stores
