// Search hits of stores whose search answers with whole traces.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "stores/store.h"

namespace spanlog::stores {

// Takes spans of any number of traces, in any order, and makes one summary per trace.
class Summaries {
 public:
  void Add(const TraceId& trace, std::string_view service, bool is_root, SummarySpan span);

  // Newest first.
  std::vector<TraceSummary> Take();

 private:
  struct Hit {
    TraceSummary summary;
    std::vector<std::pair<uint64_t, uint64_t>> parents;  // id and parent id of every span
    int64_t end_ns = 0;
    int64_t named_by_ns = 0;  // start of the span that names the trace
    bool has_root = false;
  };
  struct IdHash {
    size_t operator()(const TraceId& id) const { return id.high * 31 + id.low; }
  };
  absl::flat_hash_map<TraceId, size_t, IdHash> index_;
  std::vector<Hit> hits_;
};

}  // namespace spanlog::stores
