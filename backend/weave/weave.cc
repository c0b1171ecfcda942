#include "weave/weave.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "weave/calls.h"
#include "weave/doctor.h"
#include "weave/log_rows.h"
#include "weave/record_rows.h"
#include "weave/rollup.h"
#include "weave/row_order.h"
#include "weave/skew.h"
#include "weave/span_rows.h"
#include "weave/span_tree.h"
#include "weave/spots.h"

namespace spanlog::weave {
namespace {

// A record has a row of its own, or its messages have.
size_t ExpectedRows(const WeaveInput& input) {
  const std::vector<Message>& messages = input.reading->messages;
  const auto alone = std::count_if(messages.begin(), messages.end(), [](const Message& message) {
    return message.record == kNoIndex;
  });
  const size_t records = input.logs == nullptr ? 0 : input.logs->records.size();
  return input.trace->spans.size() + records + static_cast<size_t>(alone);
}

void AddWarnings(std::vector<Notice> notices, std::optional<size_t> root_row, Woven& woven) {
  woven.notices = std::move(notices);
  if (!root_row) return;
  Row& root = woven.rows[*root_row];
  std::vector<std::string_view> warnings(root.warnings.begin(), root.warnings.end());
  for (const Notice& notice : woven.notices) warnings.push_back(woven.arena->Copy(notice.text));
  root.warnings = woven.arena->CopyArray(warnings);
}

Woven WeaveTree(const WeaveInput& input, const WeaveOptions& options, const SpanTree& tree,
                const std::vector<ServiceSkew>& skews) {
  const Trace& trace = *input.trace;
  const Reading& reading = *input.reading;
  Woven woven;
  woven.trace_id = input.trace_id.Hex();
  woven.partial = trace.partial;
  woven.keep = {input.trace, input.logs, input.reading};
  woven.rows.reserve(ExpectedRows(input));

  LogRows log_rows(options, *woven.arena);
  const SpanRows spans(trace, tree, log_rows.ids(), *woven.arena);
  {
    const RollUp usage = RollUpUsage(trace, tree, reading, options.prices);
    woven.calls = CollectCalls(trace, tree, reading, usage, options.prices);
    spans.AddTo(woven.rows, usage);
  }
  Spots spots(trace, spans, woven.trace_id, *woven.arena);
  WeaveCounts counts;
  if (options.logs != settings::LogRows::kNone) {
    RecordRows records(input, options, tree, skews, spots, log_rows);
    records.AddTo(woven.rows);
    counts = records.counts();
    woven.folded_records = records.TakeFolded();
  }
  std::optional<size_t> root_row;
  if (spots.needs_root()) {
    root_row = woven.rows.size();
    woven.rows.push_back(spots.SyntheticRoot());
  } else if (tree.root() != kNoIndex) {
    // Rows of spans come first, in the order of the tree.
    const std::vector<uint32_t>& order = tree.top_down();
    root_row =
        static_cast<size_t>(std::find(order.begin(), order.end(), tree.root()) - order.begin());
  }

  std::vector<Notice> notices;
  for (const std::string& text : options.warnings) {
    notices.push_back({NoticeSeverity::kWarning, text});
  }
  for (const ServiceSkew& skew : skews) {
    notices.push_back({NoticeSeverity::kWarning,
                       SkewText(skew, spans.service(tree.root()), options.correct_clock_skew)});
  }
  for (Notice& notice : Diagnose(trace, tree, input.logs.get(), reading, counts)) {
    notices.push_back(std::move(notice));
  }
  AddWarnings(std::move(notices), root_row, woven);
  OrderRows(woven.rows);
  return woven;
}

}  // namespace

Woven Weave(const WeaveInput& input, const WeaveOptions& options) {
  const SpanTree tree(*input.trace);
  const std::vector<ServiceSkew> skews = EstimateSkew(*input.trace, tree);
  if (skews.empty() || !options.correct_clock_skew) return WeaveTree(input, options, tree, skews);
  WeaveInput corrected = input;
  corrected.trace = std::make_shared<Trace>(WithoutSkew(*input.trace, skews));
  return WeaveTree(corrected, options, SpanTree(*corrected.trace), skews);
}

}  // namespace spanlog::weave
