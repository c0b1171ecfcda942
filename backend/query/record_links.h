// Links from the rows of a woven trace to their records in Loki's Explore.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "frame/trace_frame.h"
#include "weave/woven.h"

namespace spanlog::query {

// The LogQL finds one record by a label and its time in ns, which Loki's own `__timestamp__` gives.
// The trace view hands a link the span's time as its range, and nothing else can be chosen there.
// So a row that is drawn where its record was written has an internal link (it opens beside the
// trace), and a row that is drawn elsewhere has a link with a range of its own.
class RecordLinks {
 public:
  // `loki_uid`: the Loki data source in Grafana; empty: no links. `woven` must outlive this.
  RecordLinks(const weave::Woven& woven, const std::string& loki_uid);

  // Two columns for the trace frame, or none. Their cells live as long as this.
  std::vector<frame::LinkColumn> Columns() const;

  // The label by which records are found; empty: there are no links.
  const std::string& label() const { return label_; }
  // Links (JSON array) for a column whose cells are ranges of Explore, with the record's time (ns)
  // in a Grafana variable.
  std::string LinksWithRange(const std::string& time_variable) const;

  // A row that shows a record: its index, and the record's time (ns) as the row's tag has it.
  struct RowOfRecord {
    size_t index;
    std::string_view time;
  };

 private:
  std::string Query(const std::string& time_variable) const;

  const weave::Woven& woven_;
  const std::string loki_uid_;
  std::vector<RowOfRecord> records_;
  std::string label_;
  std::string selector_;
  std::shared_ptr<Arena> arena_ = std::make_shared<Arena>();
};

}  // namespace spanlog::query
