// Span links as the trace view's references.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "frame/buffer.h"
#include "frame/cell_writer.h"
#include "weave/woven.h"

namespace spanlog::frame {

// The view takes the first reference whose span it has for the parent of a row without one. A link
// to a span in the frame would then hang the row below that span, and below its own descendant the
// browser never returns. Such links of such rows become tags.
class ReferenceCell {
 public:
  explicit ReferenceCell(const weave::Woven& woven) : woven_(woven) {}

  // `[{"traceID":…,"spanID":…,"tags":[…]},…]`; `[]` for a log span.
  void Append(Buffer& out, const weave::Row& row, CellWriter& cells);
  // A pair for the row's open tags cell: the links that Append left out.
  void AddLeftOut(Buffer& out, const weave::Row& row, CellWriter& cells);

 private:
  bool HasSpan(std::string_view span_id);
  // True when the row's links to spans of the frame must not be references.
  bool IsOrphan(const weave::Row& row);

  const weave::Woven& woven_;
  StringSet<> span_ids_;  // filled when first asked
  std::string left_out_;  // of the row at hand
  Value left_out_value_;
};

}  // namespace spanlog::frame
