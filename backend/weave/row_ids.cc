#include "weave/row_ids.h"

#include <cstring>
#include <string>

#include "base/stable_hash.h"
#include "base/text.h"
#include "model/ids.h"

namespace spanlog::weave {
namespace {

void AddAttributes(StableHash& hash, Attributes attributes) {
  hash.Add(static_cast<uint64_t>(attributes.size()));
  for (const Attribute& attribute : attributes) {
    hash.Add(attribute.key);
    hash.Add(attribute.value.text());
  }
}

}  // namespace

std::string_view RowIds::ForRecord(const LogRecord& record, const LogStream& stream) {
  const auto [labels, is_new] = streams_.try_emplace(&stream);
  if (is_new) AddAttributes(labels->second, stream.labels);
  StableHash hash = labels->second;
  hash.Add(static_cast<uint64_t>(record.time_ns));
  hash.Add(record.line);
  AddAttributes(hash, record.metadata);
  const uint32_t copies = seen_[hash.value()]++;
  char id[4 + 16 + 1 + 10];
  std::memcpy(id, "log-", 4);
  WriteHex64(hash.value(), id + 4);
  if (copies == 0) return arena_.Copy({id, 20});
  return arena_.Copy(Concat(std::string_view(id, 20), '-', copies));
}

std::string_view RowIds::ForRecordPart(std::string_view record_id, uint32_t part) {
  if (part == 0) return record_id;
  return arena_.Copy(Concat(record_id, "-p", part));
}

std::string_view RowIds::ForSpanMessage(std::string_view span_id, Direction direction,
                                        uint32_t order) {
  StableHash hash;
  hash.Add(span_id);
  hash.Add(static_cast<uint64_t>(direction));
  hash.Add(static_cast<uint64_t>(order));
  const uint32_t copies = seen_[hash.value()]++;
  std::string id = Concat("msg-", span_id, direction == Direction::kInput ? "-i" : "-o", order);
  if (copies > 0) Append(id, '-', copies);
  return arena_.Copy(id);
}

std::string_view RowIds::ForHistory(std::string_view span_id) {
  return arena_.Copy(Concat("history-", span_id));
}

std::string_view RowIds::ForSpan(uint64_t span_id) {
  char* id = arena_.Allocate(16);
  WriteHex64(span_id, id);
  return {id, 16};
}

}  // namespace spanlog::weave
