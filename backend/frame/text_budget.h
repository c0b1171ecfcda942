// How long a text may be, so that the frame stays within its limit without losing a row.
#pragma once

#include <cstddef>
#include <string>

#include "weave/woven.h"

namespace spanlog::frame {

// Looks at all texts first and then gives every one the same limit: the end of a run, where the
// answer stands, must not pay for its beginning. Escapes or a flood of small attributes can make a
// frame grow beyond what was foreseen; from then on rows keep little more than their names.
class TextBudget {
 public:
  TextBudget(const weave::Woven& woven, size_t max_attribute_bytes, size_t max_frame_bytes);

  // Bytes that one text may have now.
  size_t limit() const { return limit_; }
  // Tells how large the frame has become.
  void Written(size_t frame_bytes);
  void CountCut() { ++cut_; }
  void CountBareRow() { ++bare_rows_; }

  // True once the frame has reached its limit: no attributes any more.
  bool full() const { return full_; }

  // True when the limit is the frame's and not the attribute's.
  bool for_frame() const { return limit_ < max_attribute_bytes_; }
  // What the reader of the trace must know; empty when nothing is missing.
  std::string Notice() const;

 private:
  size_t max_attribute_bytes_;
  size_t max_frame_bytes_;
  size_t limit_;
  size_t cut_ = 0;
  size_t bare_rows_ = 0;
  bool full_ = false;
};

}  // namespace spanlog::frame
