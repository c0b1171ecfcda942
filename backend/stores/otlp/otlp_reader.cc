#include "stores/otlp/otlp_reader.h"

#include <cstdint>
#include <vector>

#include "base/errors.h"
#include "base/text.h"
#include "base/utf8.h"
#include "stores/otlp/any_value.h"
#include "stores/otlp/otlp_enums.h"
#include "stores/otlp/wire.h"

namespace spanlog::stores {
namespace {

// Ids are big-endian bytes; shorter and longer ones than the 8 or 16 that OTLP asks for occur in
// stores that do not check.
uint64_t IdOf(std::string_view bytes) {
  uint64_t id = 0;
  for (const char c : bytes.substr(bytes.size() > 8 ? bytes.size() - 8 : 0)) {
    id = id << 8 | static_cast<uint8_t>(c);
  }
  return id;
}

TraceId TraceIdOf(std::string_view bytes) {
  TraceId id;
  id.low = IdOf(bytes);
  if (bytes.size() > 8) id.high = IdOf(bytes.substr(0, bytes.size() - 8));
  return id;
}

// Spans in TracesData, without looking into them: the list is sized once.
size_t CountSpans(std::string_view traces_data) {
  size_t count = 0;
  WireReader resources(traces_data);
  while (resources.Next()) {
    if (!resources.Is(1)) continue;
    WireReader scopes(resources.bytes());
    while (scopes.Next()) {
      if (!scopes.Is(2)) continue;
      WireReader spans(scopes.bytes());
      while (spans.Next()) count += spans.Is(2);
    }
  }
  return count;
}

class Reader {
 public:
  explicit Reader(Trace& trace) : trace_(trace), arena_(*trace.arena), attributes_(arena_) {}

  bool ReadTrace(std::string_view message) {
    trace_.spans.reserve(trace_.spans.size() + CountSpans(message));
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.Is(1) && !ReadResourceSpans(reader.bytes())) return false;
    }
    return reader.ok();
  }

 private:
  std::string_view Text(std::string_view bytes) { return ToValidUtf8(bytes, arena_); }

  bool ReadResourceSpans(std::string_view message) {
    // The resource may come after its spans, so it is looked for first.
    std::string_view raw_resource;
    WireReader first(message);
    while (first.Next()) {
      if (first.Is(1)) raw_resource = first.bytes();
    }
    uint32_t resource = 0;
    if (!first.ok() || !InternResource(raw_resource, resource)) return false;
    WireReader reader(message);
    while (reader.Next()) {
      // 2 is scope_spans, and was instrumentation_library_spans of the same shape before 0.15.
      // 1000 carried the old one for a while.
      if ((reader.Is(2) || reader.Is(1000)) && !ReadScopeSpans(reader.bytes(), resource)) {
        return false;
      }
    }
    return true;
  }

  // The same resource comes in many ResourceSpans; its bytes are its key.
  bool InternResource(std::string_view raw, uint32_t& index) {
    const auto [entry, added] =
        resources_.try_emplace(raw, static_cast<uint32_t>(trace_.resources.size()));
    index = entry->second;
    if (!added) return true;
    Resource resource;
    const size_t mark = attributes_.Mark();
    WireReader reader(raw);
    while (reader.Next()) {
      if (reader.Is(1) && !attributes_.Add(reader.bytes())) return false;
    }
    resource.attributes = attributes_.Take(mark);
    resource.service_name = ServiceNameOf(resource.attributes, arena_);
    trace_.resources.push_back(resource);
    return reader.ok();
  }

  bool InternScope(std::string_view raw, uint32_t& index) {
    const auto [entry, added] =
        scopes_.try_emplace(raw, static_cast<uint32_t>(trace_.scopes.size()));
    index = entry->second;
    if (!added) return true;
    Scope scope;
    const size_t mark = attributes_.Mark();
    WireReader reader(raw);
    while (reader.Next()) {
      if (reader.Is(1)) scope.name = Text(reader.bytes());
      if (reader.Is(2)) scope.version = Text(reader.bytes());
      if (reader.Is(3) && !attributes_.Add(reader.bytes())) return false;
    }
    scope.attributes = attributes_.Take(mark);
    trace_.scopes.push_back(scope);
    return reader.ok();
  }

  bool ReadScopeSpans(std::string_view message, uint32_t resource) {
    std::string_view raw_scope;
    WireReader first(message);
    while (first.Next()) {
      if (first.Is(1)) raw_scope = first.bytes();
    }
    uint32_t scope = 0;
    if (!first.ok() || !InternScope(raw_scope, scope)) return false;
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.Is(2) && !ReadSpan(reader.bytes(), resource, scope)) return false;
    }
    return true;
  }

  bool ReadSpan(std::string_view message, uint32_t resource, uint32_t scope) {
    Span& span = trace_.spans.emplace_back();
    span.resource = resource;
    span.scope = scope;
    events_.clear();
    links_.clear();
    const size_t mark = attributes_.Mark();
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.type() != WireType::kBytes) {
        const uint64_t number = reader.number();
        if (reader.field() == 6 && reader.type() == WireType::kVarint) span.kind = KindOf(number);
        if (reader.field() == 7 && reader.type() == WireType::kFixed64) span.start_ns = TimeOf(number);
        if (reader.field() == 8 && reader.type() == WireType::kFixed64) span.end_ns = TimeOf(number);
        continue;
      }
      const std::string_view bytes = reader.bytes();
      bool ok = true;
      switch (reader.field()) {
        case 2:
          span.span_id = IdOf(bytes);
          break;
        case 3:
          span.trace_state = Text(bytes);
          break;
        case 4:
          span.parent_span_id = IdOf(bytes);
          break;
        case 5:
          span.name = Text(bytes);
          break;
        case 9:
          ok = attributes_.Add(bytes);
          break;
        case 11:
          ok = ReadEvent(bytes);
          break;
        case 13:
          ok = ReadLink(bytes);
          break;
        case 15:
          ok = ReadStatus(bytes, span);
          break;
        default:
          break;
      }
      if (!ok) return false;
    }
    span.attributes = attributes_.Take(mark);
    span.events = arena_.CopyArray(events_);
    span.links = arena_.CopyArray(links_);
    return reader.ok();
  }

  bool ReadEvent(std::string_view message) {
    SpanEvent event;
    const size_t mark = attributes_.Mark();
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.field() == 1 && reader.type() == WireType::kFixed64) {
        event.time_ns = TimeOf(reader.number());
      }
      if (reader.Is(2)) event.name = Text(reader.bytes());
      if (reader.Is(3) && !attributes_.Add(reader.bytes())) return false;
    }
    event.attributes = attributes_.Take(mark);
    events_.push_back(event);
    return reader.ok();
  }

  bool ReadLink(std::string_view message) {
    SpanLink link;
    const size_t mark = attributes_.Mark();
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.Is(1)) link.trace_id = TraceIdOf(reader.bytes());
      if (reader.Is(2)) link.span_id = IdOf(reader.bytes());
      if (reader.Is(3)) link.trace_state = Text(reader.bytes());
      if (reader.Is(4) && !attributes_.Add(reader.bytes())) return false;
    }
    link.attributes = attributes_.Take(mark);
    links_.push_back(link);
    return reader.ok();
  }

  bool ReadStatus(std::string_view message, Span& span) {
    WireReader reader(message);
    while (reader.Next()) {
      if (reader.Is(2)) span.status_message = Text(reader.bytes());
      if (reader.field() == 3 && reader.type() == WireType::kVarint) {
        span.status = StatusOf(reader.number());
      }
    }
    return reader.ok();
  }

  Trace& trace_;
  Arena& arena_;
  AttributeReader attributes_;
  StringMap<uint32_t> resources_, scopes_;
  std::vector<SpanEvent> events_;
  std::vector<SpanLink> links_;
};

absl::Status Malformed() {
  return DownstreamError(absl::StatusCode::kDataLoss,
                         "The trace could not be read: the answer is not valid OTLP protobuf, or it "
                         "was cut on the way. Check that the URL is the trace store's own and that "
                         "no proxy changes the answer.");
}

}  // namespace

absl::Status ReadTracesData(std::string_view body, Trace& trace) {
  return Reader(trace).ReadTrace(body) ? absl::OkStatus() : Malformed();
}

absl::Status ReadTraceByIdResponse(std::string_view body, Trace& trace) {
  Reader reader(trace);
  WireReader answer(body);
  while (answer.Next()) {
    if (answer.Is(1) && !reader.ReadTrace(answer.bytes())) return Malformed();
    if (answer.field() == 3 && answer.type() == WireType::kVarint) {
      trace.partial = answer.number() == 1;
    }
    if (answer.Is(4)) trace.partial_message = ToValidUtf8(answer.bytes());
  }
  return answer.ok() ? absl::OkStatus() : Malformed();
}

}  // namespace spanlog::stores
