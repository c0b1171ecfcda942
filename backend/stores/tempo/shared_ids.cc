#include "stores/tempo/shared_ids.h"

#include "absl/container/flat_hash_map.h"

namespace spanlog::stores {
namespace {

// Tempo counts from 1 within a trace; random ids are never that small.
constexpr uint64_t kLargestMadeUp = 0xFFFF;

bool IsServer(const Span& span) {
  return span.kind == SpanKind::kServer || span.kind == SpanKind::kConsumer;
}

}  // namespace

void FindSharedIds(Trace& trace) {
  absl::flat_hash_map<uint64_t, uint32_t> halves;  // by the client's id; more than one is no pair
  for (const Span& span : trace.spans) {
    if (span.span_id <= kLargestMadeUp && IsServer(span) && span.parent_span_id > kLargestMadeUp) {
      ++halves[span.parent_span_id];
    }
  }
  if (halves.empty()) return;
  absl::flat_hash_map<uint64_t, bool> client;
  for (const Span& span : trace.spans) {
    if (halves.contains(span.span_id)) {
      client[span.span_id] = span.kind == SpanKind::kClient || span.kind == SpanKind::kProducer;
    }
  }
  for (Span& span : trace.spans) {
    if (span.span_id > kLargestMadeUp || !IsServer(span)) continue;
    const auto parent = client.find(span.parent_span_id);
    if (parent == client.end() || !parent->second || halves[span.parent_span_id] != 1) continue;
    span.emitted_span_id = span.parent_span_id;
  }
}

}  // namespace spanlog::stores
