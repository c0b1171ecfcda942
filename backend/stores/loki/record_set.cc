#include "stores/loki/record_set.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace spanlog::stores {

bool RecordSet::Key::operator==(const Key& other) const {
  return stream == other.stream && time_ns == other.time_ns && line == other.line &&
         metadata.size() == other.metadata.size() &&
         std::equal(metadata.begin(), metadata.end(), other.metadata.begin(),
                    [](const Attribute& a, const Attribute& b) {
                      return a.key == b.key && a.value.text() == b.value.text();
                    });
}

size_t RecordSet::KeyHash::operator()(const Key& key) const {
  const auto view = [](std::string_view text) {
    return absl::string_view(text.data(), text.size());
  };
  // Records of events are told apart by their metadata alone: they have no line.
  size_t metadata = key.metadata.size();
  for (const Attribute& one : key.metadata)
    metadata = absl::HashOf(metadata, view(one.value.text()));
  return absl::HashOf(key.time_ns, key.stream, view(key.line), metadata);
}

void RecordSet::Add(const std::vector<LogRecord>& records, size_t first, size_t last) {
  for (size_t i = first; i < last; ++i) ++counts_[KeyOf(records[i])];
}

void RecordSet::RemoveFrom(std::vector<LogRecord>& records, size_t first) const {
  if (counts_.empty()) return;
  absl::flat_hash_map<Key, size_t, KeyHash> left = counts_;
  size_t kept = first;
  for (size_t i = first; i < records.size(); ++i) {
    const auto seen = left.find(KeyOf(records[i]));
    if (seen != left.end() && seen->second > 0) {
      --seen->second;
      continue;
    }
    if (kept != i) records[kept] = records[i];
    ++kept;
  }
  records.resize(kept);
}

}  // namespace spanlog::stores
