// Several woven runs as one trace: a synthetic root per run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "weave/woven.h"

namespace spanlog::query {

// Not thread-safe; used once.
class RunMerger {
 public:
  explicit RunMerger(std::string_view conversation_id) { woven_.trace_id = conversation_id; }

  // Runs are numbered in this order. One without rows is left out.
  void Add(weave::Woven run);

  // True when a run so far has a row of this id (weave::RowIds::ForRecord), or folded what it would
  // show.
  bool Shows(std::string_view record_row_id) const { return shown_.contains(record_row_id); }

  void AddNotice(std::string text) {
    woven_.notices.push_back({weave::NoticeSeverity::kWarning, std::move(text)});
  }

  // The rows of all runs. A record that several runs took, for it names only its session, is kept
  // in the run whose time it fits; a span id that several runs have gets another one in the later
  // ones.
  weave::Woven Take();

 private:
  void FindHomes();
  void AppendRun(size_t index, weave::Woven run);
  bool IsElsewhere(const weave::Row& row, size_t run) const;

  weave::Woven woven_;
  std::vector<weave::Woven> runs_;
  StringSet<> shown_;       // ids of the records that runs have; the text lives in the runs' arenas
  StringMap<size_t> home_;  // by id of a record's row: the run that keeps it
  StringSet<> used_;        // ids of the rows so far
};

}  // namespace spanlog::query
