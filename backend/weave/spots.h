// Where log spans hang and when they are drawn.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "model/trace.h"
#include "weave/place.h"
#include "weave/span_rows.h"
#include "weave/woven.h"

namespace spanlog::weave {

struct RowSpot {
  std::string_view parent_id;
  std::string_view match;
  std::string_view service;  // of the parent, for `lanes: service`
  int64_t start_ns = 0;
  uint32_t depth = 0;
};

class Spots {
 public:
  // All must outlive this.
  Spots(const Trace& trace, const SpanRows& spans, std::string_view trace_id, Arena& arena);

  // `time_ns`: when the record was written.
  RowSpot At(const Place& place, int64_t time_ns);

  // True once a record was placed that has no span to hang under.
  bool needs_root() const { return !root_id_.empty(); }
  // A root that covers such records, so that they have a parent and the view a timeline longer than
  // zero.
  Row SyntheticRoot() const;

 private:
  int64_t ClampToTrace(int64_t time_ns);

  const SpanRows& spans_;
  const std::string_view trace_id_;
  Arena& arena_;
  const bool has_spans_;
  int64_t start_ns_;  // of the whole
  int64_t end_ns_ = 0;
  std::string_view root_id_;  // empty until it is needed
};

}  // namespace spanlog::weave
