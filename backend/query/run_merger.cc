#include "query/run_merger.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace spanlog::query {
namespace {

bool IsRecordRow(const weave::Row& row) { return StartsWith(row.span_id, "log-"); }

bool IsSpan(const weave::Row& row) {
  return row.kind == weave::RowKind::kSpan || row.kind == weave::RowKind::kRun;
}

// The record's own time; the row may be drawn elsewhere.
int64_t TimeOf(const weave::Row& row) {
  for (const weave::Tag& tag : row.tags) {
    int64_t time_ns = 0;
    if (tag.key == weave::kTimestampKey && ParseInt64(tag.value.text(), time_ns)) return time_ns;
  }
  return row.start_ns;
}

struct Bounds {
  int64_t start_ns = std::numeric_limits<int64_t>::max();
  int64_t end_ns = 0;

  int64_t DistanceTo(int64_t time_ns) const {
    if (time_ns < start_ns) return start_ns - time_ns;
    return time_ns > end_ns ? time_ns - end_ns : 0;
  }
};

Bounds SpanBounds(const weave::Woven& run) {
  Bounds bounds;
  for (const weave::Row& row : run.rows) {
    if (!IsSpan(row)) continue;
    bounds.start_ns = std::min(bounds.start_ns, row.start_ns);
    bounds.end_ns = std::max(bounds.end_ns, row.start_ns + row.duration_ns);
  }
  return bounds;
}

}  // namespace

void RunMerger::Add(weave::Woven run) {
  if (run.rows.empty()) return;
  for (const weave::Row& row : run.rows) {
    if (IsRecordRow(row)) shown_.insert(row.span_id);
  }
  shown_.insert(run.folded_records.begin(), run.folded_records.end());
  runs_.push_back(std::move(run));
}

void RunMerger::FindHomes() {
  StringMap<int64_t> nearest;
  for (size_t i = 0; i < runs_.size(); ++i) {
    const Bounds bounds = SpanBounds(runs_[i]);
    for (const weave::Row& row : runs_[i].rows) {
      if (!IsRecordRow(row)) continue;
      const int64_t distance = bounds.DistanceTo(TimeOf(row));
      const auto [entry, first] = nearest.try_emplace(row.span_id, distance);
      if (!first && distance >= entry->second) continue;
      entry->second = distance;
      home_[row.span_id] = i;
    }
  }
}

bool RunMerger::IsElsewhere(const weave::Row& row, size_t run) const {
  if (!IsRecordRow(row)) return false;
  const auto home = home_.find(row.span_id);
  return home != home_.end() && home->second != run;
}

void RunMerger::AppendRun(size_t index, weave::Woven run) {
  const size_t number = index + 1;
  std::erase_if(run.rows, [&](const weave::Row& row) { return IsElsewhere(row, index); });
  StringMap<std::string_view> renamed;
  for (weave::Row& row : run.rows) {
    if (used_.insert(row.span_id).second) continue;
    const std::string_view other = woven_.arena->Copy(Concat(row.span_id, "-r", number));
    renamed[row.span_id] = other;
    row.span_id = other;
    used_.insert(other);
  }
  const std::string_view run_id = woven_.arena->Copy(Concat("run-", number, "-", run.trace_id));
  Bounds bounds;
  std::string_view name;
  for (weave::Row& row : run.rows) {
    bounds.start_ns = std::min(bounds.start_ns, row.start_ns);
    bounds.end_ns = std::max(bounds.end_ns, row.start_ns + row.duration_ns);
    ++row.depth;
    const auto parent = renamed.find(row.parent_span_id);
    if (parent != renamed.end()) row.parent_span_id = parent->second;
    if (!row.parent_span_id.empty()) continue;
    row.parent_span_id = run_id;
    if (name.empty()) name = row.operation_name;
  }
  if (!run.rows.empty()) {
    weave::Row root;
    root.kind = weave::RowKind::kRun;
    root.span_id = run_id;
    root.operation_name = woven_.arena->Copy(Concat("run ", number, ": ", name));
    root.service_name = run.rows.front().service_name;
    root.start_ns = bounds.start_ns;
    root.duration_ns = bounds.end_ns - bounds.start_ns;
    const weave::Tag tags[] = {
        {weave::kKindKey, Value::String("run"), {}},
        {"run.trace_id", Value::String(woven_.arena->Copy(run.trace_id)), {}}};
    root.tags = woven_.arena->CopyArray(absl::MakeConstSpan(tags));
    woven_.rows.push_back(root);
    woven_.rows.insert(woven_.rows.end(), run.rows.begin(), run.rows.end());
  }
  const uint32_t calls_before = static_cast<uint32_t>(woven_.calls.size());
  for (weave::Call& call : run.calls) {
    if (call.parent != kNoIndex) call.parent += calls_before;
    woven_.calls.push_back(call);
  }
  for (weave::Notice& notice : run.notices) {
    notice.text = Concat("run ", number, ": ", notice.text);
    woven_.notices.push_back(std::move(notice));
  }
  woven_.partial |= run.partial;
  woven_.keep.push_back(run.arena);
  woven_.keep.insert(woven_.keep.end(), run.keep.begin(), run.keep.end());
}

weave::Woven RunMerger::Take() {
  FindHomes();
  for (size_t i = 0; i < runs_.size(); ++i) AppendRun(i, std::move(runs_[i]));
  std::stable_sort(woven_.rows.begin(), woven_.rows.end(),
                   [](const weave::Row& a, const weave::Row& b) {
                     if (a.start_ns != b.start_ns) return a.start_ns < b.start_ns;
                     return IsSpan(a) && !IsSpan(b);
                   });
  if (woven_.rows.empty()) return std::move(woven_);
  std::vector<std::string_view> texts;
  for (const weave::Notice& notice : woven_.notices) {
    texts.push_back(woven_.arena->Copy(notice.text));
  }
  woven_.rows.front().warnings = woven_.arena->CopyArray(texts);
  return std::move(woven_);
}

}  // namespace spanlog::query
