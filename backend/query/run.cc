#include "frame/trace_frame.h"
#include "query/pipeline.h"
#include "query/search.h"

namespace spanlog::query {

absl::StatusOr<Answer> Run(const Datasource& datasource, const settings::Query& query,
                           const std::string& ref_id, const Reader& reader,
                           const stores::RequestContext& context) {
  if (query.kind == settings::QueryKind::kSearch) {
    return RunSearch(datasource, query, ref_id, context);
  }
  if (query.kind == settings::QueryKind::kConversation) {
    return absl::InvalidArgumentError(
        "Conversation queries need a trace store search; give a trace ID or TraceQL such as "
        "{ span.gen_ai.conversation.id = \"…\" } instead.");
  }
  absl::StatusOr<weave::Woven> woven = WeaveTrace(datasource, query, reader, context);
  if (!woven.ok()) return woven.status();
  frame::TraceFrameOptions options;
  options.ref_id = ref_id;
  options.executed_query = query.trace_text;
  options.max_attribute_bytes = static_cast<size_t>(datasource.settings().limits.attribute_bytes);
  options.max_frame_bytes = static_cast<size_t>(datasource.settings().limits.frame_bytes);
  Answer answer;
  answer.frames.push_back(frame::EncodeTraceFrame(*woven, options));
  return answer;
}

}  // namespace spanlog::query
