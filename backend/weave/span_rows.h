// The rows of a trace's spans.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/message.h"
#include "model/trace.h"
#include "weave/rollup.h"
#include "weave/row_ids.h"
#include "weave/span_tree.h"
#include "weave/woven.h"

namespace spanlog::weave {

// Knows also what the rows below a span need of it. `trace`, `tree`, `ids` and `arena` must outlive
// it.
class SpanRows {
 public:
  SpanRows(const Trace& trace, const SpanTree& tree, RowIds& ids, Arena& arena);

  // Appends a row for each span, each after its parent's.
  void AddTo(std::vector<Row>& rows, const RollUp& usage) const;

  std::string_view id(uint32_t span) const { return ids_of_[span]; }
  uint32_t depth(uint32_t span) const { return depths_[span]; }
  // Never empty.
  std::string_view service(uint32_t span) const;

 private:
  void Fill(uint32_t span, Row& row) const;

  const Trace& trace_;
  const SpanTree& tree_;
  RowIds& ids_;
  Arena& arena_;
  std::vector<std::string_view> ids_of_;
  std::vector<uint32_t> depths_;
};

}  // namespace spanlog::weave
