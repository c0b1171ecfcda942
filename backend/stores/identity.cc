#include "stores/identity.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/text.h"

namespace spanlog::stores {
namespace {

using IndexById = absl::flat_hash_map<uint64_t, uint32_t>;

constexpr uint32_t kNone = ~uint32_t{0};

// FNV-1a: the same in every process, which std::hash does not promise.
class StableHash {
 public:
  void Add(std::string_view text) {
    for (const char c : text) Mix(static_cast<uint8_t>(c));
    Mix(0xFF);
  }
  void Add(uint64_t number) {
    for (int i = 0; i < 8; ++i) Mix(static_cast<uint8_t>(number >> (8 * i)));
  }
  uint64_t value() const { return hash_; }

 private:
  void Mix(uint8_t byte) { hash_ = (hash_ ^ byte) * 0x100000001B3ull; }
  uint64_t hash_ = 0xCBF29CE484222325ull;
};

bool IsServerHalf(const Span& span) {
  return span.kind == SpanKind::kServer || span.kind == SpanKind::kConsumer;
}
bool IsClientHalf(const Span& span) {
  return span.kind == SpanKind::kClient || span.kind == SpanKind::kProducer;
}

bool SameValue(const Value& a, const Value& b) {
  return a.type == b.type && a.text() == b.text() && a.integer == b.integer;
}

bool SameAttributes(Attributes a, Attributes b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const Attribute& x, const Attribute& y) {
           return x.key == y.key && SameValue(x.value, y.value);
         });
}

bool SameSpan(const Span& a, const Span& b) {
  return a.parent_span_id == b.parent_span_id && a.kind == b.kind && a.start_ns == b.start_ns &&
         a.end_ns == b.end_ns && a.status == b.status && a.resource == b.resource &&
         a.name == b.name && a.events.size() == b.events.size() &&
         a.links.size() == b.links.size() && SameAttributes(a.attributes, b.attributes);
}

class Mender {
 public:
  explicit Mender(Trace& trace) : trace_(trace) {}

  void Run() {
    MakeIdsUnique();
    BreakCycles();
    BoundTimes();
    MendTimes();
  }

 private:
  std::string_view ServiceOf(const Span& span) const {
    return trace_.resource_of(span).service_name;
  }

  // REQUIRES: the id is the span's from then on.
  uint64_t NewIdFor(const Span& span) {
    StableHash hash;
    hash.Add(span.span_id);
    hash.Add(span.parent_span_id);
    hash.Add(static_cast<uint64_t>(span.kind));
    hash.Add(static_cast<uint64_t>(span.start_ns));
    hash.Add(static_cast<uint64_t>(span.end_ns));
    hash.Add(ServiceOf(span));
    hash.Add(span.name);
    uint64_t id = hash.value();
    if (id != 0 && !by_id_.contains(id)) return id;
    // Spans that are the same in all of this follow each other: the next one goes on from the last.
    StableHash& last = tried_.try_emplace(id, hash).first->second;
    for (id = last.value(); id == 0 || by_id_.contains(id); id = last.value()) last.Add(id);
    return id;
  }

  void Warn(Span& span, std::string_view warning) {
    std::vector<std::string_view> all(span.warnings.begin(), span.warnings.end());
    all.push_back(warning);
    span.warnings = trace_.arena->CopyArray(all);
  }

  void MakeIdsUnique() {
    std::vector<uint32_t> repeated;
    std::vector<Span>& spans = trace_.spans;
    by_id_.reserve(spans.size());
    std::vector<bool> drop;
    for (uint32_t i = 0; i < spans.size(); ++i) {
      if (spans[i].span_id == 0) {
        repeated.push_back(i);
        continue;
      }
      const auto [entry, added] = by_id_.try_emplace(spans[i].span_id, i);
      if (added) continue;
      if (SameSpan(spans[entry->second], spans[i])) {
        if (drop.empty()) drop.resize(spans.size());
        drop[i] = true;
      } else {
        repeated.push_back(i);
      }
    }
    for (const uint32_t i : repeated) GiveNewId(i);
    if (drop.empty()) return;
    size_t kept = 0;
    for (size_t i = 0; i < spans.size(); ++i) {
      if (!drop[i]) spans[kept++] = spans[i];
    }
    spans.resize(kept);
    by_id_.clear();
    for (uint32_t i = 0; i < spans.size(); ++i) by_id_.emplace(spans[i].span_id, i);
  }

  void GiveNewId(uint32_t index) {
    Span& span = trace_.spans[index];
    const auto first = by_id_.find(span.span_id);
    if (first != by_id_.end()) {
      Span& other = trace_.spans[first->second];
      // Two halves of one RPC: the client keeps the id, whichever came first. Some reporters leave
      // the client's kind out.
      if (IsServerHalf(span) && !IsServerHalf(other)) {
        MoveBelow(index);
        return;
      }
      if (IsClientHalf(span) && IsServerHalf(other)) {
        const uint32_t server = first->second;
        first->second = index;
        MoveBelow(server);
        return;
      }
    }
    const uint64_t shared_id = span.span_id;
    span.span_id = NewIdFor(span);
    by_id_.emplace(span.span_id, index);
    // It was its own parent, and is a child of the span that keeps the id.
    if (span.parent_span_id == shared_id && has_children_) AddChild(index);
  }

  // The children of the server's own service move along.
  void MoveBelow(uint32_t server_index) {
    Span& server = trace_.spans[server_index];
    const uint64_t shared_id = server.span_id;
    server.emitted_span_id = shared_id;
    server.span_id = NewIdFor(server);
    server.parent_span_id = shared_id;
    by_id_.emplace(server.span_id, server_index);
    if (!has_children_) FindChildren(server_index);
    std::vector<uint32_t>& children = children_[{shared_id, ServiceNumber(server)}];
    for (const uint32_t i : children) {
      Span& child = trace_.spans[i];
      if (child.parent_span_id == shared_id) child.parent_span_id = server.span_id;
    }
    // Those have another parent now, so that nobody looks at them again.
    children.assign(1, server_index);
  }

  void FindChildren(uint32_t server_index) {
    has_children_ = true;
    for (uint32_t i = 0; i < trace_.spans.size(); ++i) {
      const Span& span = trace_.spans[i];
      // What still has its parent's id is another half of it.
      if (i != server_index && span.span_id != span.parent_span_id) AddChild(i);
    }
  }

  void AddChild(uint32_t index) {
    const Span& span = trace_.spans[index];
    children_[{span.parent_span_id, ServiceNumber(span)}].push_back(index);
  }

  uint32_t ServiceNumber(const Span& span) {
    return services_.try_emplace(ServiceOf(span), static_cast<uint32_t>(services_.size()))
        .first->second;
  }

  const uint32_t* ParentOf(const Span& span) const {
    if (span.parent_span_id == 0) return nullptr;
    const auto found = by_id_.find(span.parent_span_id);
    return found == by_id_.end() ? nullptr : &found->second;
  }

  void BreakCycles() {
    enum : uint8_t { kNew, kOnPath, kDone };
    std::vector<uint8_t> state(trace_.spans.size(), kNew);
    std::vector<uint32_t> path;
    for (uint32_t i = 0; i < trace_.spans.size(); ++i) {
      uint32_t at = i;
      while (state[at] == kNew) {
        state[at] = kOnPath;
        path.push_back(at);
        const uint32_t* parent = ParentOf(trace_.spans[at]);
        if (parent == nullptr) break;
        if (state[*parent] == kOnPath) {
          trace_.spans[at].parent_span_id = 0;
          Warn(trace_.spans[at],
               "The parent of this span is one of its own descendants; it is drawn as a root.");
          break;
        }
        at = *parent;
      }
      for (const uint32_t done : path) state[done] = kDone;
      path.clear();
    }
  }

  void BoundTimes() {
    for (Span& span : trace_.spans) {
      if (span.start_ns > kLatestTimeNs || span.end_ns > kLatestTimeNs) {
        span.start_ns = std::min(span.start_ns, kLatestTimeNs);
        span.end_ns = std::min(span.end_ns, kLatestTimeNs);
        Warn(span, "This span has a time after the year 2116; it is drawn as if it were then.");
      }
      const auto holds = [](const SpanEvent& event) {
        return event.time_ns >= 0 && event.time_ns <= kLatestTimeNs;
      };
      if (std::all_of(span.events.begin(), span.events.end(), holds)) continue;
      std::vector<SpanEvent> events(span.events.begin(), span.events.end());
      for (SpanEvent& event : events) {
        event.time_ns = std::clamp<int64_t>(event.time_ns, 0, kLatestTimeNs);
      }
      span.events = trace_.arena->CopyArray(events);
    }
  }

  void MendTimes() {
    std::vector<uint32_t> without_start;
    int64_t earliest = 0;
    for (uint32_t i = 0; i < trace_.spans.size(); ++i) {
      Span& span = trace_.spans[i];
      if (span.start_ns <= 0) {
        span.start_ns = EarliestEvent(span);
        if (span.start_ns == 0) {
          without_start.push_back(i);
          continue;
        }
        Warn(span, "This span has no start time; that of its first event is shown.");
      }
      if (earliest == 0 || span.start_ns < earliest) earliest = span.start_ns;
    }
    if (!without_start.empty()) DeriveStarts(without_start, earliest);
    for (Span& span : trace_.spans) {
      if (span.end_ns >= span.start_ns) continue;
      if (span.end_ns <= 0) {
        Warn(span, "This span has no end time; it is drawn without duration.");
      } else {
        Warn(span, "This span ends before it starts; it is drawn without duration.");
      }
      span.end_ns = span.start_ns;
    }
  }

  static int64_t EarliestEvent(const Span& span) {
    int64_t earliest = 0;
    for (const SpanEvent& event : span.events) {
      if (event.time_ns > 0 && (earliest == 0 || event.time_ns < earliest)) {
        earliest = event.time_ns;
      }
    }
    return earliest;
  }

  void DeriveStarts(const std::vector<uint32_t>& spans, int64_t earliest) {
    absl::flat_hash_map<uint64_t, int64_t> first_child;
    for (const Span& span : trace_.spans) {
      if (span.start_ns <= 0 || span.parent_span_id == 0) continue;
      int64_t& start = first_child[span.parent_span_id];
      if (start == 0 || span.start_ns < start) start = span.start_ns;
    }
    const std::vector<uint32_t> above = NearestStarted(spans);
    for (size_t i = 0; i < spans.size(); ++i) {
      Span& span = trace_.spans[spans[i]];
      if (above[i] != kNone) span.start_ns = trace_.spans[above[i]].start_ns;
      if (span.start_ns == 0) {
        const auto child = first_child.find(span.span_id);
        if (child != first_child.end()) span.start_ns = child->second;
      }
      // 1 ms: a trace without any time is drawn at the epoch, for 0 would hide it.
      if (span.start_ns == 0) span.start_ns = earliest > 0 ? earliest : 1'000'000;
      Warn(span, "This span has no start time; the nearest known one is shown.");
    }
  }

  // For each of `spans`, which have no start, the nearest span above it that has one by the time it
  // is its turn: all before it in the list have got theirs. From the last to the first, so that
  // each can be passed over once it had its turn, and no way up is walked twice.
  std::vector<uint32_t> NearestStarted(const std::vector<uint32_t>& spans) const {
    std::vector<uint32_t> next(trace_.spans.size());  // itself: it has a start
    std::iota(next.begin(), next.end(), 0u);
    std::vector<uint32_t> nearest(spans.size());
    for (size_t i = spans.size(); i-- > 0;) {
      const uint32_t* const parent = ParentOf(trace_.spans[spans[i]]);
      next[spans[i]] = parent == nullptr ? kNone : *parent;
      uint32_t found = spans[i];
      while (found != kNone && next[found] != found) found = next[found];
      for (uint32_t at = spans[i]; at != found;) at = std::exchange(next[at], found);
      nearest[i] = found;
    }
    return nearest;
  }

  Trace& trace_;
  IndexById by_id_;
  absl::flat_hash_map<uint64_t, StableHash> tried_;  // by the first id that was taken
  // By the parent's id and the number of the own service; filled when first asked. Some of them
  // have another parent by now.
  absl::flat_hash_map<std::pair<uint64_t, uint32_t>, std::vector<uint32_t>> children_;
  bool has_children_ = false;
  StringMap<uint32_t> services_;
};

}  // namespace

void MakeSane(Trace& trace) { Mender(trace).Run(); }

}  // namespace spanlog::stores
