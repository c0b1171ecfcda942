// Finds spans by an attribute's value, for records that share an id with them.
#pragma once

#include <string_view>
#include <vector>

#include "base/text.h"
#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai {

// Made for one trace and one thread; each key is indexed when it is first asked for.
class OutermostIndex {
 public:
  // Keeps a reference to the trace.
  explicit OutermostIndex(const Trace& trace) : trace_(trace) {}

  // The outermost span whose attribute `key` has the text `value`; kNoIndex when there is none.
  // `key` must be a literal.
  uint32_t Find(std::string_view key, std::string_view value);

 private:
  struct Keyed {
    std::string_view key;
    StringMap<uint32_t> spans;  // by value
  };
  const StringMap<uint32_t>& SpansBy(std::string_view key);

  const Trace& trace_;
  std::vector<Keyed> keys_;
};

}  // namespace spanlog::genai
