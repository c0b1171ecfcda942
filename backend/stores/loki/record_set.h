// Which records were seen already: at the border between two pages, and between two queries.
// Records that are equal in everything are counted, so that true duplicates stay.
#pragma once

#include <cstddef>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/log_record.h"

namespace spanlog::stores {

class RecordSet {
 public:
  // Counts records[first, last) in.
  void Add(const std::vector<LogRecord>& records, size_t first, size_t last);

  // Removes from records[first, end) what this set holds, each as often as it was counted in. The
  // order of the rest stays.
  void RemoveFrom(std::vector<LogRecord>& records, size_t first) const;

  bool empty() const { return counts_.empty(); }

 private:
  // Streams are interned, so their index stands for the labels.
  struct Key {
    uint32_t stream;
    int64_t time_ns;
    std::string_view line;
    Attributes metadata;
    bool operator==(const Key& other) const;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const;
  };
  static Key KeyOf(const LogRecord& record) {
    return {record.stream, record.time_ns, record.line, record.metadata};
  }

  absl::flat_hash_map<Key, size_t, KeyHash> counts_;
};

}  // namespace spanlog::stores
