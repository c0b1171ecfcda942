// Finds the span that a record without a usable span id belongs to, by ids that both carry
// (genai.md 1.i.5).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "genai/fields.h"
#include "model/message.h"
#include "model/trace.h"

namespace spanlog::genai {

struct Joined {
  uint32_t span = kNoIndex;
  std::string_view match;  // the key used: response_id, tool_call_id, …
};

class JoinIndex {
 public:
  // Keeps a reference to the trace.
  explicit JoinIndex(const Trace& trace);

  // The first key that names a span. An id that many spans carry (a conversation's) names the
  // innermost of them that covers the time, else the first.
  Joined Find(const Fields& record, int64_t time_ns) const;

 private:
  static constexpr size_t kKeys = 5;
  const Trace& trace_;
  StringMap<std::vector<uint32_t>> spans_[kKeys];  // by id, in the trace's order
};

}  // namespace spanlog::genai
