#include <algorithm>

#include "base/errors.h"
#include "base/metrics.h"
#include "frame/trace_frame.h"
#include "query/conversation.h"
#include "query/pipeline.h"
#include "query/reader_policy.h"
#include "query/record_links.h"
#include "query/search.h"
#include "query/views.h"

namespace spanlog::query {
namespace {

void CountRows(const weave::Woven& woven) {
  const auto spans = std::count_if(woven.rows.begin(), woven.rows.end(), [](const weave::Row& row) {
    return row.kind == weave::RowKind::kSpan;
  });
  AllMetrics().rows.With({"span"}).Add(static_cast<uint64_t>(spans));
  AllMetrics().rows.With({"log"}).Add(woven.rows.size() - static_cast<uint64_t>(spans));
}

}  // namespace

absl::StatusOr<Answer> Run(const Datasource& datasource, const settings::Query& query,
                           const std::string& ref_id, const Reader& reader,
                           const stores::RequestContext& context) {
  if (absl::Status status = CheckQuestion(datasource, reader, query); !status.ok()) return status;
  if (query.kind == settings::QueryKind::kSearch) {
    return RunSearch(datasource, query, ref_id, reader, context);
  }
  const bool conversation = query.kind == settings::QueryKind::kConversation;
  ComputeTurn turn;
  absl::StatusOr<weave::Woven> woven = conversation
                                           ? WeaveConversation(datasource, query, reader, context)
                                           : WeaveTrace(datasource, query, reader, context, turn);
  if (!woven.ok()) return woven.status();
  turn.Take(ComputeStep::kWeave, context.cancellation.get());
  if (context.cancellation->cancelled()) return RequestCancelled();
  CountRows(*woven);
  frame::TraceFrameOptions options;
  options.ref_id = ref_id;
  options.executed_query = conversation ? query.text : query.trace_text;
  options.max_attribute_bytes = static_cast<size_t>(datasource.settings().limits.attribute_bytes);
  options.max_frame_bytes = static_cast<size_t>(datasource.settings().limits.frame_bytes);
  const RecordLinks links(*woven, datasource.settings().logs.datasource_uid);
  options.links = links.Columns();
  Answer answer;
  answer.frames.push_back(frame::EncodeTraceFrame(*woven, options));
  // The trace frame is first: a dashboard's panel shows the first frame and no other.
  for (Rope& view : EncodeViews(*woven, links, datasource.settings(), query, ref_id)) {
    answer.frames.push_back(std::move(view));
  }
  return answer;
}

}  // namespace spanlog::query
