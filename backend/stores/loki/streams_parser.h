// Reads Loki's own spelling of an answer in one pass while it comes in, without a tree: most of
// what a query costs is read here. Whatever is spelled in another way is left to the general reader
// in response_reader.cc.
#pragma once

#include <vector>

#include "base/arena.h"
#include "model/log_record.h"
#include "stores/piece_buffer.h"

namespace spanlog::stores {

struct ParsedStreams {
  std::vector<Attributes> labels;  // by stream
  std::vector<LogRecord> records;  // LogRecord::stream is an index into `labels`
};

// Streams with string labels, records of a time, a line and, at most, structured metadata and
// parsed labels as strings. True means exactly what the general reader would have read: texts are
// views of `body`, whose escapes are resolved now, and lists are in `arena`. False, with `body` as
// it was as far as it has come, and `out` of no use, when it is not that, or no JSON at all.
bool ParseStreams(PieceBuffer& body, Arena& arena, ParsedStreams& out);

}  // namespace spanlog::stores
