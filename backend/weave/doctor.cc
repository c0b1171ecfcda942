#include "weave/doctor.h"

#include "base/text.h"

namespace spanlog::weave {
namespace {

std::string Count(size_t count, std::string_view one, std::string_view many) {
  return Concat(count, ' ', count == 1 ? one : many);
}

}  // namespace

std::vector<Notice> Diagnose(const Trace& trace, const SpanTree& tree, const LogBatch* logs,
                             const Reading& reading, const WeaveCounts& counts) {
  std::vector<Notice> notices;
  const auto warn = [&](std::string text) {
    notices.push_back({NoticeSeverity::kWarning, std::move(text)});
  };
  const auto inform = [&](std::string text) {
    notices.push_back({NoticeSeverity::kInfo, std::move(text)});
  };

  if (trace.partial) {
    warn(Concat(
        "This trace is partial",
        trace.partial_message.empty() ? "." : ". The trace store says: ", trace.partial_message));
  }
  for (const std::string& text : trace.warnings) warn(text);
  if (logs != nullptr) {
    for (const std::string& text : logs->warnings) warn(text);
    if (logs->limit_reached) {
      warn(Concat("Only the first ", logs->records.size(),
                  " log records are shown: the limit is reached. Raise logs.maxRecords in the "
                  "datasource or `limit` in the query."));
    }
    if (logs->records.empty() && !logs->tried.empty()) {
      std::string text = "No log records were found for this trace. Tried: ";
      for (size_t i = 0; i < logs->tried.size(); ++i) {
        if (i > 0) text += " ; ";
        text += logs->tried[i];
      }
      inform(std::move(text));
    }
  }
  for (const std::string& text : reading.findings) warn(text);

  uint32_t orphans = 0;
  uint32_t cycles = 0;
  for (uint32_t i = 0; i < trace.spans.size(); ++i) {
    if (tree.cycle_cut(i)) ++cycles;
    if (!tree.cycle_cut(i) && tree.parent(i) == kNoIndex && trace.spans[i].parent_span_id != 0) {
      ++orphans;
    }
  }
  if (orphans > 0) {
    inform(Concat(Count(orphans, "span names a parent", "spans name parents"),
                  " that the trace store does not have (yet): the run is still going, or the spans "
                  "were sampled away or lost."));
  }
  if (cycles > 0) {
    warn(Concat(Count(cycles, "parent link", "parent links"),
                " closed a cycle and was cut; the emitter writes wrong parent ids."));
  }
  if (counts.without_trace_id > 0) {
    inform(Concat(Count(counts.without_trace_id, "log record carries no trace id and was",
                        "log records carry no trace id and were"),
                  " found by session, prompt, request or tool id."));
  }
  if (counts.moved_to_edge > 0) {
    inform(Concat(Count(counts.moved_to_edge, "log record lies far outside the trace and is",
                        "log records lie far outside the trace and are"),
                  " drawn at its edge; log.timestamp has the true time."));
  }
  if (counts.hidden_by_level > 0) {
    inform(Concat(Count(counts.hidden_by_level, "log record is", "log records are"),
                  " below the query's minimum level and not shown."));
  }
  return notices;
}

}  // namespace spanlog::weave
