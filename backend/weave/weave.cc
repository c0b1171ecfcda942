#include "weave/weave.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"
#include "weave/calls.h"
#include "weave/doctor.h"
#include "weave/history.h"
#include "weave/log_rows.h"
#include "weave/message_times.h"
#include "weave/place.h"
#include "weave/rollup.h"
#include "weave/skew.h"
#include "weave/span_tree.h"
#include "weave/titles.h"

namespace spanlog::weave {
namespace {

// Builds one woven trace. Lives for one call of Weave.
class Weaver {
 public:
  Weaver(const WeaveInput& input, const WeaveOptions& options,
         const std::vector<ServiceSkew>& skews, SpanTree tree)
      : options_(options),
        skews_(skews),
        trace_(*input.trace),
        logs_(input.logs.get()),
        reading_(*input.reading),
        tree_(std::move(tree)),
        placer_(trace_, tree_),
        rows_(options_, *woven_.arena) {
    woven_.trace_id = input.trace_id.Hex();
    woven_.partial = trace_.partial;
    woven_.keep = {input.trace, input.logs, input.reading};
  }

  Woven Run() {
    FindBounds();
    // A record has a row of its own, or its messages have.
    const auto messages_alone = static_cast<size_t>(
        std::count_if(reading_.messages.begin(), reading_.messages.end(),
                      [](const Message& message) { return message.record == kNoIndex; }));
    const size_t logs = logs_ == nullptr ? 0 : logs_->records.size();
    woven_.rows.reserve(trace_.spans.size() + logs + messages_alone);
    AddSpanRows();
    if (options_.logs != settings::LogRows::kNone) {
      if (options_.history == settings::History::kDelta) {
        history_ = FoldHistory(trace_, tree_, reading_);
      }
      times_ = MessageTimes(trace_, reading_);
      AddRecordRows();
      AddSpanMessageRows();
      AddHistoryRows();
    }
    AddSyntheticRoot();
    AddWarnings();
    SortRows();
    return std::move(woven_);
  }

 private:
  static bool IsSpan(const Row& row) {
    return row.kind == RowKind::kSpan || row.kind == RowKind::kRun;
  }
  Arena& arena() { return *woven_.arena; }

  // Rows are large: their order is found first and each is moved once.
  void SortRows() {
    struct Key {
      int64_t start_ns;
      uint32_t row;
      bool is_log;
    };
    std::vector<Key> keys;
    keys.reserve(woven_.rows.size());
    for (const Row& row : woven_.rows) {
      keys.push_back({row.start_ns, static_cast<uint32_t>(keys.size()), !IsSpan(row)});
    }
    std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
      if (a.start_ns != b.start_ns) return a.start_ns < b.start_ns;
      if (a.is_log != b.is_log) return b.is_log;
      return a.row < b.row;
    });
    // In place, for a second copy of all rows would be the most that a query holds: each cycle of the
    // permutation needs one row aside.
    std::vector<Row>& rows = woven_.rows;
    for (uint32_t first = 0; first < keys.size(); ++first) {
      if (keys[first].row == first) continue;
      const Row aside = rows[first];
      uint32_t at = first;
      while (keys[at].row != first) {
        const uint32_t from = keys[at].row;
        rows[at] = rows[from];
        keys[at].row = at;
        at = from;
      }
      rows[at] = aside;
      keys[at].row = at;
    }
  }

  void FindBounds() {
    for (const Span& span : trace_.spans) {
      start_ns_ = std::min(start_ns_, span.start_ns);
      end_ns_ = std::max(end_ns_, span.end_ns);
    }
  }

  void AddSpanRows() {
    const RollUp usage = RollUpUsage(trace_, tree_, reading_, options_.prices);
    woven_.calls = CollectCalls(trace_, tree_, reading_, usage, options_.prices);
    span_ids_.resize(trace_.spans.size());
    depths_.resize(trace_.spans.size(), 0);
    for (uint32_t i = 0; i < span_ids_.size(); ++i) {
      span_ids_[i] = rows_.ids().ForSpan(trace_.spans[i].span_id);
    }
    TagList tags;
    for (const uint32_t i : tree_.top_down()) {
      const Span& span = trace_.spans[i];
      const Resource& resource = trace_.resource_of(span);
      const Scope& scope = trace_.scope_of(span);
      Row row;
      row.span_id = span_ids_[i];
      const uint32_t parent = tree_.parent(i);
      if (parent != kNoIndex) {
        row.parent_span_id = span_ids_[parent];
        depths_[i] = depths_[parent] + 1;
      } else if (span.parent_span_id != 0 && !tree_.cycle_cut(i)) {
        row.parent_span_id = rows_.ids().ForSpan(span.parent_span_id);
      }
      row.depth = depths_[i];
      row.operation_name = span.name;
      row.service_name = ServiceOf(span);
      row.span_kind = span.kind;
      row.status = span.status;
      row.status_message = span.status_message;
      row.scope_name = scope.name;
      row.scope_version = scope.version;
      row.trace_state = span.trace_state;
      row.start_ns = span.start_ns;
      row.duration_ns = span.end_ns - span.start_ns;
      row.resource = resource.attributes;
      row.attributes = span.attributes;
      row.scope_attributes = scope.attributes;
      row.events = span.events;
      row.links = span.links;
      row.warnings = span.warnings;
      tags.Clear();
      AddUsageTags(usage.own[i], usage.subtree[i], arena(), tags);
      row.tags = tags.Take(arena());
      if (i == tree_.root()) root_row_ = woven_.rows.size();
      woven_.rows.push_back(row);
    }
  }

  std::string_view ServiceOf(const Span& span) const {
    const std::string_view name = trace_.resource_of(span).service_name;
    // The name that Tempo's and Jaeger's own exporters give to a resource without one.
    return name.empty() ? "OTLPResourceNoServiceName" : name;
  }

  RowSpot SpotOf(const Place& place, int64_t time_ns) {
    RowSpot spot;
    spot.match = place.match;
    if (place.span == kNoIndex) {
      needs_root_ = true;
      spot.parent_id = SyntheticRootId();
      spot.service = "logs";
    } else {
      spot.parent_id = span_ids_[place.span];
      spot.service = ServiceOf(trace_.spans[place.span]);
    }
    spot.start_ns = ClampToTrace(time_ns);
    return spot;
  }

  // A record up to a quarter of the trace's length outside is drawn where it is; one farther away
  // would squeeze the trace itself and is drawn at the edge.
  int64_t ClampToTrace(int64_t time_ns) {
    if (trace_.spans.empty()) {
      start_ns_ = std::min(start_ns_, time_ns);
      end_ns_ = std::max(end_ns_, time_ns);
      return time_ns;
    }
    const int64_t slack = std::max<int64_t>((end_ns_ - start_ns_) / 4, 1'000'000);
    if (time_ns >= start_ns_ - slack && time_ns <= end_ns_ + slack) return time_ns;
    return time_ns < start_ns_ ? start_ns_ : end_ns_;
  }

  void Push(Row row, uint32_t span) {
    row.depth = span == kNoIndex ? 1 : depths_[span] + 1;
    woven_.rows.push_back(row);
  }

  void AddRecordRows() {
    if (logs_ == nullptr) return;
    std::vector<std::vector<uint32_t>> messages(logs_->records.size());
    for (uint32_t i = 0; i < reading_.messages.size(); ++i) {
      const uint32_t record = reading_.messages[i].record;
      if (record != kNoIndex) messages[record].push_back(i);
    }
    for (uint32_t i = 0; i < logs_->records.size(); ++i) {
      const LogRecord& record = logs_->records[i];
      const LogStream& stream = logs_->streams[record.stream];
      const RecordView& view = reading_.records[i];
      const Place place = placer_.Find(record, view);
      if (record.trace_id.empty()) ++counts_.without_trace_id;
      const std::string_view id = rows_.ids().ForRecord(record, stream);
      if (messages[i].empty()) {
        if (options_.logs == settings::LogRows::kMessages) continue;
        if (record.level != Level::kUnknown && record.level < options_.min_level) {
          ++counts_.hidden_by_level;
          continue;
        }
        const RowSpot spot = SpotOf(place, record.time_ns + ShiftOf(record));
        if (spot.start_ns != record.time_ns + ShiftOf(record)) ++counts_.moved_to_edge;
        Push(rows_.ForRecord(record, stream, view, id, spot), place.span);
        continue;
      }
      const uint32_t named = record.span_id == 0 ? kNoIndex : tree_.Find(record.span_id);
      uint32_t part = 0;
      for (const uint32_t m : messages[i]) {
        const uint32_t number = part++;
        if (IsFolded(m)) continue;
        const Message& message = reading_.messages[m];
        Place at = place;
        // A message of another span than its record's; not one whose record was lifted above it.
        if (message.span != kNoIndex && message.span != place.span && message.span != named) {
          at = {message.span, "span_id"};
        }
        // Exploded messages lie in their call, which is moved already; others have the record's time.
        const bool own_time = message.time_ns != 0 || times_[m] == 0;
        const int64_t time_ns = own_time ? record.time_ns + ShiftOf(record) : times_[m];
        const RowSpot spot = SpotOf(at, time_ns);
        if (number == 0 && own_time && spot.start_ns != time_ns) {
          ++counts_.moved_to_edge;
        }
        Push(rows_.ForMessage(message, &record, &stream, number,
                              rows_.ids().ForRecordPart(id, number), spot),
             at.span);
      }
    }
  }

  void AddSpanMessageRows() {
    for (uint32_t i = 0; i < reading_.messages.size(); ++i) {
      const Message& message = reading_.messages[i];
      if (message.record != kNoIndex || message.span == kNoIndex || IsFolded(i)) continue;
      const RowSpot spot = SpotOf({message.span, "span"}, times_[i]);
      Push(rows_.ForMessage(message, nullptr, nullptr, 0,
                            rows_.ids().ForSpanMessage(spot.parent_id, message.direction,
                                                       message.order),
                            spot),
           message.span);
    }
  }

  int64_t ShiftOf(const LogRecord& record) const {
    return options_.correct_clock_skew ? weave::ShiftOf(skews_, record.service) : 0;
  }

  bool IsFolded(uint32_t message) const { return !history_.fold.empty() && history_.fold[message]; }

  void AddHistoryRows() {
    for (uint32_t i = 0; i < history_.calls.size(); ++i) {
      const CallHistory& call = history_.calls[i];
      if (call.folded == 0 && !call.rewritten) continue;
      const RowSpot spot = SpotOf({i, "span"}, trace_.spans[i].start_ns);
      Push(rows_.ForHistory(call.folded, call.rewritten,
                            arena().Copy(Concat("history-", spot.parent_id)), spot),
           i);
    }
  }

  std::string_view SyntheticRootId() {
    if (root_id_.empty()) root_id_ = arena().Copy(Concat("run-", woven_.trace_id));
    return root_id_;
  }

  // Records without any span: a root that covers them, so that they have a parent and the view a
  // timeline longer than zero.
  void AddSyntheticRoot() {
    if (!needs_root_) return;
    Row row;
    row.kind = RowKind::kRun;
    row.span_id = SyntheticRootId();
    row.operation_name = "log records without a trace";
    row.service_name = "logs";
    row.start_ns = start_ns_;
    row.duration_ns = end_ns_ - start_ns_ + 1'000'000;
    const Tag kind{kKindKey, Value::String("run"), TagFormat::kPlain};
    row.tags = arena().CopyArray(absl::Span<const Tag>(&kind, 1));
    root_row_ = woven_.rows.size();
    woven_.rows.push_back(row);
  }

  void AddWarnings() {
    for (const std::string& text : options_.warnings) {
      woven_.notices.push_back({NoticeSeverity::kWarning, text});
    }
    for (const ServiceSkew& skew : skews_) {
      woven_.notices.push_back(
          {NoticeSeverity::kWarning,
           SkewText(skew, ServiceOf(trace_.spans[tree_.root()]), options_.correct_clock_skew)});
    }
    for (Notice& notice : Diagnose(trace_, tree_, logs_, reading_, counts_)) {
      woven_.notices.push_back(std::move(notice));
    }
    if (root_row_ >= woven_.rows.size()) return;
    Row& root = woven_.rows[root_row_];
    std::vector<std::string_view> warnings(root.warnings.begin(), root.warnings.end());
    for (const Notice& notice : woven_.notices) warnings.push_back(arena().Copy(notice.text));
    root.warnings = arena().CopyArray(warnings);
  }

  const WeaveOptions& options_;
  const std::vector<ServiceSkew>& skews_;
  const Trace& trace_;
  const LogBatch* const logs_;
  const Reading& reading_;
  Woven woven_;
  SpanTree tree_;
  Placer placer_;
  LogRows rows_;
  History history_;
  WeaveCounts counts_;
  std::vector<int64_t> times_;  // parallel to Reading::messages
  std::vector<std::string_view> span_ids_;
  std::vector<uint32_t> depths_;
  int64_t start_ns_ = std::numeric_limits<int64_t>::max();
  int64_t end_ns_ = 0;
  size_t root_row_ = std::numeric_limits<size_t>::max();
  std::string_view root_id_;
  bool needs_root_ = false;
};

}  // namespace

Woven Weave(const WeaveInput& input, const WeaveOptions& options) {
  SpanTree tree(*input.trace);
  const std::vector<ServiceSkew> skews = EstimateSkew(*input.trace, tree);
  if (skews.empty() || !options.correct_clock_skew) {
    return Weaver(input, options, skews, std::move(tree)).Run();
  }
  WeaveInput corrected = input;
  corrected.trace = std::make_shared<Trace>(WithoutSkew(*input.trace, skews));
  return Weaver(corrected, options, skews, SpanTree(*corrected.trace)).Run();
}

}  // namespace spanlog::weave
