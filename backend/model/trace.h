// A trace as the trace store gave it, in OpenTelemetry's terms. Plain structs of
// views into the trace's own arena. Every text is valid UTF-8.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "base/arena.h"
#include "model/ids.h"
#include "model/value.h"

namespace spanlog {

enum class SpanKind : uint8_t { kUnspecified, kInternal, kServer, kClient, kProducer, kConsumer };
enum class StatusCode : uint8_t { kUnset, kOk, kError };

// The stores let no time be later (the year 2116), so that neither the sum nor the difference of
// two overflows.
constexpr int64_t kLatestTimeNs = (int64_t{1} << 62) - 1;

struct Resource {
  std::string_view service_name;  // empty when the resource names none
  Attributes attributes;
};

struct Scope {
  std::string_view name;
  std::string_view version;
  Attributes attributes;
};

struct SpanEvent {
  int64_t time_ns = 0;  // 0 to kLatestTimeNs
  std::string_view name;
  Attributes attributes;
};

struct SpanLink {
  TraceId trace_id;
  uint64_t span_id = 0;
  std::string_view trace_state;
  Attributes attributes;
};

struct Span {
  uint64_t span_id = 0;         // unique in its trace (the store sees to it), never 0
  uint64_t parent_span_id = 0;  // 0: none. May name a span that is not in the trace.
  // The id as the emitter wrote it into spans and records, where the store had to give another one
  // (the server half of an RPC that shares its id with the client half); 0: the same.
  uint64_t emitted_span_id = 0;
  std::string_view name;
  SpanKind kind = SpanKind::kUnspecified;
  StatusCode status = StatusCode::kUnset;
  std::string_view status_message;
  std::string_view trace_state;
  int64_t start_ns = 0;   // since the epoch; > 0 (the store derives a missing one)
  int64_t end_ns = 0;     // start_ns to kLatestTimeNs (the store clamps)
  uint32_t resource = 0;  // index into Trace::resources
  uint32_t scope = 0;     // index into Trace::scopes
  Attributes attributes;
  absl::Span<const SpanEvent> events;
  absl::Span<const SpanLink> links;
  absl::Span<const std::string_view> warnings;  // the store's own words about this span
};

struct Trace {
  TraceId id;
  std::vector<Resource> resources;
  std::vector<Scope> scopes;
  std::vector<Span> spans;
  bool partial = false;
  std::string partial_message;        // the store's own words
  std::vector<std::string> warnings;  // about the whole trace, for the person who reads it
  std::shared_ptr<Arena> arena = std::make_shared<Arena>();

  const Resource& resource_of(const Span& span) const { return resources[span.resource]; }
  const Scope& scope_of(const Span& span) const { return scopes[span.scope]; }
};

}  // namespace spanlog
