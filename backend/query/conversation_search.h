// Which traces belong to a conversation: those that the trace store finds by the conversation's id,
// and those that its log records name.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "model/log_record.h"
#include "query/datasource.h"
#include "settings/query.h"
#include "stores/store.h"

namespace spanlog::query {

// Where instrumentations write the id of a conversation (genai.md 1.h).
absl::Span<const std::string_view> ConversationKeys();

struct ConversationTraces {
  struct Run {
    TraceId id;
    int64_t start_ns = 0;
  };
  std::vector<Run> runs;             // each trace once, oldest first
  std::vector<std::string> notices;  // what was not looked at
  absl::Status failure;              // of the search; the traces that records name are there anyway
};

// `logs` are the conversation's records; at most `max_runs` traces are given. Blocks.
ConversationTraces FindConversationTraces(const Datasource& datasource,
                                          const settings::Query& query, const LogBatch& logs,
                                          size_t max_runs, const stores::RequestContext& context);

}  // namespace spanlog::query
