// Finds the span that a record without a usable span id belongs to, by ids that both carry
// (genai.md 1.i.5).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/text.h"
#include "genai/ancestry.h"
#include "genai/covering.h"
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
  // Keeps references to all of them. `calls` is parallel to the trace's spans.
  JoinIndex(const Trace& trace, const Ancestry& ancestry, const std::vector<CallUsage>& calls);

  // The first key that names a span. An id that many spans carry (a conversation's) names the
  // innermost of them that covers the time, else the first. A prompt's and a conversation's id only
  // say below which span the record's own is: that is the innermost one there that covers the time,
  // or the model call that ended just before.
  Joined Find(const Fields& record, int64_t time_ns) const;

  // That rule for a span that a dialect found: `ancestor` itself when nothing below it fits.
  uint32_t InnermostBelow(uint32_t ancestor, int64_t time_ns) const;
  // True for keys that only name what is above a record's span.
  static bool IsBroad(std::string_view match);

 private:
  // The innermost of `spans` that covers the time, else the first.
  uint32_t InnermostOf(const std::vector<uint32_t>& spans, int64_t time_ns) const;

  static constexpr size_t kKeys = 5;
  const Trace& trace_;
  const Ancestry& ancestry_;
  const std::vector<CallUsage>& calls_;
  std::vector<uint32_t> by_start_;
  StringMap<std::vector<uint32_t>> spans_[kKeys];  // by id, in the trace's order
  // Of those of spans_ that are long, made when they are first asked for.
  mutable absl::flat_hash_map<const std::vector<uint32_t>*, Covering> coverings_;
};

}  // namespace spanlog::genai
